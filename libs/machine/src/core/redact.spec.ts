import { makeRedactor, REDACTED, redactText, type Redactor } from './redact';

const redactor = (...paths: string[]): Redactor => makeRedactor(paths) as Redactor;

describe('redaction', () => {
  it('is none without paths', () => {
    expect(makeRedactor([])).toBeUndefined();
  });

  it('hides a path at any depth, and leaves the rest and the original as they are', () => {
    const data = { card: { number: '4111', brand: 'visa' }, number: 7, orders: [{ card: { number: 1 } }, { card: 'none' }] };
    const before = structuredClone(data);
    expect(redactor('card.number')(data)).toEqual({
      card: { number: REDACTED, brand: 'visa' },
      number: 7,
      orders: [{ card: { number: REDACTED } }, { card: 'none' }],
    });
    expect(data).toEqual(before);
  });

  it('hides a name wherever it is, whatever is there', () => {
    expect(redactor('password')({ password: { a: [1] }, users: [{ password: null, name: 'ada' }] })).toEqual({
      password: REDACTED,
      users: [{ password: REDACTED, name: 'ada' }],
    });
  });

  it('takes * for any one name or index', () => {
    const data = { card: { number: 1, holder: { name: 'ada' } }, lists: [[1, 2], [3]] };
    expect(redactor('card.*')(data)).toEqual({ ...data, card: { number: REDACTED, holder: REDACTED } });
    expect(redactor('card.*.name')(data)).toEqual({ ...data, card: { number: 1, holder: { name: REDACTED } } });
    expect(redactor('lists.*.0')(data)).toEqual({ ...data, lists: [[REDACTED, 2], [REDACTED]] });
  });

  it('gives the very same where nothing is hidden', () => {
    const data = { a: [{ b: 1 }] };
    expect(redactor('c', 'a.c')(data)).toBe(data);
    expect(redactor('a')(null)).toBeNull();
  });

  it('hides in JSON texts, and all of one that is no JSON', () => {
    expect(redactText('{"iban":"DE00","n":1}', redactor('iban'))).toBe(`{"iban":"${REDACTED}","n":1}`);
    expect(redactText('{"iban":"DE', redactor('iban'))).toBe(REDACTED);
  });

  it('does not reach the prototype', () => {
    const data = JSON.parse('{"__proto__":{"secret":1},"b":{"secret":2}}') as object;
    const shown = redactor('secret')(data);
    expect(JSON.stringify(shown)).not.toContain('1');
    expect(({} as Record<string, unknown>).secret).toBeUndefined();
  });
});
