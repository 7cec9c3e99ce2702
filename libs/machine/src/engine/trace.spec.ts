import type { Claim } from '../core/ports';
import { TRACE_LIMIT_BYTES } from '../core/trace-limit';
import { traceOf, traceOfEdit } from './trace';

const claim = (over: Partial<Claim> = {}): Claim => ({ context: '{"a":1}', retries: 0, ...over }) as Claim;

describe('traceOf', () => {
  it('keeps nothing of a step that changes nothing', () => {
    expect(traceOf(claim(), '{"a":1}', true)).toBeUndefined();
    expect(traceOf(claim(), undefined, true)).toBeUndefined();
  });

  it('keeps what a step began with where it leaves another context', () => {
    expect(traceOf(claim(), '{"a":2}', true)).toEqual({ began: '{"a":1}' });
  });

  it('keeps the data of an event with the first attempt', () => {
    expect(traceOf(claim({ data: '[1]' }), undefined, true)).toEqual({ data: '[1]' });
    expect(traceOf(claim({ data: '[1]', retries: 1 }), undefined, true)).toBeUndefined();
  });

  it('keeps up to 16 KiB, in bytes; of more, how many', () => {
    const most = JSON.stringify('ä'.repeat(TRACE_LIMIT_BYTES / 2 - 1));
    expect(traceOf(claim({ context: most }), '{}', true)).toEqual({ began: most });
    expect(traceOf(claim({ context: ` ${most}` }), '{}', true)).toEqual({ began: TRACE_LIMIT_BYTES + 1 });
  });

  it('keeps sizes only where it is told to', () => {
    expect(traceOf(claim({ data: 'null' }), '{}', false)).toEqual({ began: 7, data: 4 });
  });
});

it('traceOfEdit keeps the context as it was', () => {
  expect(traceOfEdit('{}', '{"a":1}')).toEqual({ began: '{}' });
  expect(traceOfEdit('{}', '{}')).toEqual({});
});
