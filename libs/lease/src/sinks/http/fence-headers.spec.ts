import * as fc from 'fast-check';
import { FENCE_HEADERS, fenceHeaders, readFenceHeaders, type FencedRequest } from './fence-headers';

const step: FencedRequest = { correlationId: 'order-17', runId: 'r-1', fence: 3, idempotencyKey: 'order-17/r-1/2/charge' };
const good = fenceHeaders(step);

describe('fenceHeaders', () => {
  it('writes the key as a string of structured fields, in quotes', () => {
    expect(good).toEqual({
      'idempotency-key': '"order-17/r-1/2/charge"',
      'stile-machine': 'order-17',
      'stile-run': 'r-1',
      'stile-fence': '3',
    });
  });

  it('tells several requests of one action apart', () => {
    expect(fenceHeaders(step, 'refund')['idempotency-key']).toBe('"order-17/r-1/2/charge/refund"');
  });

  it('writes what readFenceHeaders reads, whatever is in the key', () => {
    const key = fc.string({
      unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(key, fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (idempotencyKey, fence) => {
        const sent = { ...step, idempotencyKey, fence };
        expect(readFenceHeaders(fenceHeaders(sent))).toEqual(sent);
      }),
    );
  });

  it.each<[string, Partial<FencedRequest>, string]>([
    ['a key beyond ASCII', { idempotencyKey: 'ä' }, 'idempotencyKey has characters that are not printable ASCII'],
    ['a key with a line break', { idempotencyKey: 'a\r\nx: y' }, 'idempotencyKey has characters'],
    ['an empty key', { idempotencyKey: '' }, 'idempotencyKey has 0 characters; give 1 to 1024'],
    ['a run with a space', { runId: 'a b' }, 'runId has characters that are not visible ASCII'],
    ['no machine', { correlationId: undefined as never }, 'correlationId is undefined; give a string'],
    ['a fence below 1', { fence: 0 }, 'fence is 0'],
  ])('refuses %s', (_what, wrong, message) => {
    expect(() => fenceHeaders({ ...step, ...wrong })).toThrow(message);
  });
});

describe('readFenceHeaders', () => {
  it.each(Object.values(FENCE_HEADERS))('names %s when it is missing', (name) => {
    expect(() => readFenceHeaders({ ...good, [name]: undefined })).toThrow(new RegExp(`^${name} is missing; give `, 'i'));
  });

  it.each([
    ['bare', 'bare'],
    ['"quoted"', 'quoted'],
    ['"with \\"quotes\\" and \\\\"', 'with "quotes" and \\'],
    ['"key"; later=1', 'key'],
  ])('reads the key %s', (sent, key) => {
    expect(readFenceHeaders({ ...good, 'idempotency-key': sent }).idempotencyKey).toBe(key);
  });

  it.each<[string, string]>([
    ['idempotency-key', '""'],
    ['idempotency-key', '"open'],
    ['idempotency-key', '"a", "b"'],
    ['idempotency-key', 'two words'],
    ['idempotency-key', `"${'a'.repeat(1025)}"`],
    ['stile-fence', '0'],
    ['stile-fence', '-1'],
    ['stile-fence', '1.5'],
    ['stile-fence', '1e3'],
    ['stile-fence', '1, 2'],
    ['stile-fence', '9007199254740992'],
    ['stile-run', 'a, b'],
    ['stile-machine', 'a b'],
  ])('refuses %s: %s', (name, value) => {
    expect(() => readFenceHeaders({ ...good, [name]: value })).toThrow(new RegExp(`^${name} cannot be used; give `, 'i'));
  });
});
