import { problemOf, sortOut } from './problem';
import { skewOf } from './skew';
import { readJson, readTags } from './text-fields';

describe('problems', () => {
  it('are read as the API says them', () => {
    const body = { status: 422, code: 'UNDECLARED_EVENT', title: 'T', detail: 'd', legal: ['a'] };
    expect(problemOf(422, JSON.stringify(body))).toEqual(body);
  });

  it.each(['', '<html>502', 'null', '{"code":1}', '[]'])('are told apart from what a proxy says: %j', (text) => {
    expect(problemOf(502, text)).toMatchObject({ status: 502, code: 'HTTP_502' });
  });

  it('go to their fields, the others are left over', () => {
    const errors = [
      { field: 'context', problem: 'is 1' },
      { field: 'tags.shop', problem: 'is long' },
      { field: 'tags.city', problem: 'is long' },
      { field: 'nowhere', problem: 'is odd' },
    ];
    expect(sortOut({ ...problemOf(400, ''), errors }, ['context', 'tags'])).toEqual({
      byField: { context: 'is 1', tags: 'is long' },
      others: errors.slice(2),
    });
    expect(sortOut(problemOf(400, ''), ['context'])).toEqual({ byField: {}, others: [] });
  });
});

describe('the server’s clock', () => {
  const now = Date.parse('2026-11-28T12:00:00Z');

  it('is the browser’s, unless they are seconds apart', () => {
    expect(skewOf('Sat, 28 Nov 2026 12:00:01 GMT', now)).toBe(0);
    expect(skewOf('Sat, 28 Nov 2026 12:05:00 GMT', now)).toBe(300_500);
    expect(skewOf('Sat, 28 Nov 2026 11:00:00 GMT', now)).toBe(-3_599_500);
    expect(skewOf(null, now)).toBeUndefined();
    expect(skewOf('yesterday', now)).toBeUndefined();
  });
});

describe('what is typed', () => {
  it('is JSON, nothing, or a problem', () => {
    expect(readJson(' {"a": 1} ')).toEqual({ value: { a: 1 } });
    expect(readJson(' ')).toEqual({ value: undefined });
    expect(readJson('{a}')).toEqual({ problem: expect.stringMatching(/^is not JSON: /) });
  });

  it('is tags', () => {
    expect(readTags('shop=berlin\n\n city: a=b \n')).toEqual({ value: { shop: 'berlin', city: 'a=b' } });
    expect(readTags('shop')).toEqual({ problem: 'has the line "shop"; write key=value' });
  });
});
