import { createSecretKey, randomBytes } from 'node:crypto';
import { isSealed, noSeal, type Seal } from '../core/payload-cipher';
import { SealedError } from '../core/sealed-error';
import { KeyRings } from '../crypto/key-rings';
import { MemoryKeyStore } from '../crypto/memory-key-store.fixtures';
import { RingCipher } from '../crypto/ring-cipher';
import { openItem, packItem } from './history-text';
import { openData, openError, openRecord, packError, packResult, showError } from './open-texts';

let seal: Seal;
let locked: Seal;
beforeAll(async () => {
  const store = new MemoryKeyStore();
  const with_ = (bytes: Buffer): Seal | Promise<Seal> =>
    new RingCipher(new KeyRings(store, [{ id: 'k1', key: createSecretKey(bytes) }], () => 0), 'tenant', () => 0).of('m-1');
  seal = await with_(randomBytes(32));
  locked = await with_(randomBytes(32));
});

const canary = 'stile1.x.canary';

describe('errors', () => {
  const error = { code: 'BANK_DOWN', message: canary, stack: `Error: ${canary}` };

  it('keep their code plain, and nothing else', () => {
    const text = packError(error, seal);
    expect(text).toMatch(/^\{"code":"BANK_DOWN","sealed":"stile1\./);
    expect(openError(text, seal)).toEqual(error);
    expect(showError(text, locked)).toMatchObject({ code: 'BANK_DOWN', message: expect.stringContaining('"k1"') });
    expect(showError(text, locked)).not.toHaveProperty('sealed', expect.anything());
  });

  it('are as they were where nothing is sealed', () => {
    expect(packError(error, noSeal)).toBe(JSON.stringify(error));
    expect(openError(JSON.stringify(error), seal)).toEqual(error);
  });
});

describe('what comes with events', () => {
  const result = (index: number, rest: object) =>
    JSON.stringify({ index, correlationId: `c.${index}`, outcome: 'completed', ...rest });
  const join = (...results: string[]) => `{"group":"g-0-0","total":2,"results":[${results.join(',')}]}`;

  it('is the very text again that scripts have put together of results', () => {
    const results = [result(0, { context: { text: `"${canary}, \\", ` } }), result(1, {}), result(2, { context: {} })];
    const sealed = results.map((text) => packResult(text, seal));
    expect(sealed.join()).not.toContain('context');
    expect(openData(join(...sealed), seal)).toBe(join(...results));
    expect(openData(join(...results), seal)).toBe(join(...results));
    expect(openData(join(results[0]!, sealed[2]!), seal)).toBe(join(results[0]!, results[2]!)); // one from before
    expect(openData(sealed[0]!, seal)).toBe(results[0]);
    expect(() => openData(join(...sealed), locked)).toThrow(SealedError);
    const shown = openData(sealed[0]!, locked, ({ code }) => `"error":"${code}"`);
    expect(JSON.parse(shown)).toEqual({ index: 0, correlationId: 'c.0', outcome: 'completed', error: 'KEY_MISSING' });
  });

  it('of users is never taken for that', () => {
    for (const value of [canary, { a: [`,${canary}`], b: `\\",${canary}` }, `{,${canary}}`]) {
      const text = JSON.stringify(value);
      expect(openData(text, seal)).toBe(text);
      expect(openData(text, noSeal)).toBe(text);
      expect(openData(seal.seal(text, 'data'), seal)).toBe(text);
    }
  });
});

describe('items of the history', () => {
  const item = { steps: 1, outcome: 'failed', error: { code: 'E', message: 'm', stack: 's' }, worker: 'w' } as const;
  const trace = { began: '{"n":"ü"}', data: '"stile1.a.b"' };

  it('come back as they were', () => {
    const text = packItem(item, trace, seal);
    expect(text).not.toMatch(/"n"|"message"|"stack"/);
    expect(openItem(text, seal)).toEqual({ ...item, began: { n: 'ü' }, data: 'stile1.a.b' });
    expect(openItem(packItem(item, trace), seal)).toEqual({ ...item, began: { n: 'ü' }, data: 'stile1.a.b' });
    const sizes = { began: 20_000, data: 30_000 };
    expect(openItem(packItem(item, sizes, seal), seal)).toEqual({ ...item, beganBytes: 20_000, dataBytes: 30_000 });
    expect(packItem({ ...item, error: null }, {}, seal)).toBe(packItem({ ...item, error: null }));
  });

  it('tell sizes and the code to who cannot open them', () => {
    expect(openItem(packItem(item, trace, seal), locked)).toMatchObject({
      error: { code: 'E', message: expect.stringContaining('cannot be read') },
      beganBytes: 10,
      dataBytes: 12,
      worker: 'w',
    });
  });
});

it('a record is opened as far as that can be done', () => {
  const error = packError({ code: 'E', message: 'm' }, seal);
  const stored = { state: 's', context: seal.seal('{"a":1}', 'context'), beat: seal.seal('1', 'beat'), error };
  expect(Object.values(stored).filter((text) => isSealed(text))).toHaveLength(2);
  expect(openRecord(stored, seal)).toEqual({ state: 's', context: '{"a":1}', beat: '1', error: '{"code":"E","message":"m"}' });
  const { unreadable, ...shown } = openRecord(stored, locked);
  expect(JSON.parse(unreadable!)).toMatchObject({
    code: 'KEY_MISSING',
    message: expect.stringMatching(/^context cannot be read/),
  });
  expect(shown).toEqual({ state: 's', context: '{}', beat: undefined, error: '{"code":"E","message":"(cannot be read)"}' });
  const plain = { context: '{}', error: '{"code":"E","message":"m"}' };
  expect(openRecord(plain, seal)).toBe(plain);
});
