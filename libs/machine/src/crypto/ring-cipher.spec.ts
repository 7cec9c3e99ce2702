import { createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { isSealed, keyIdOf, MARK, noSeal, type Seal } from '../core/payload-cipher';
import { lacksKey, SealedError } from '../core/sealed-error';
import type { EncryptionKey } from './data-key';
import { KeyCare } from './key-care';
import { KEYS_FRESH_MS, KEYS_HELD_MS, KeyRings } from './key-rings';
import { MemoryKeyStore } from './memory-key-store.fixtures';
import { RingCipher, type KeyScope } from './ring-cipher';

const master = (id: string): EncryptionKey => ({ id, key: createSecretKey(randomBytes(32)) });
const [k1, k2] = [master('k1'), master('k2')];

let store: MemoryKeyStore;
let now: number;
beforeEach(() => {
  store = new MemoryKeyStore();
  now = 0;
});

function cipher(keys: readonly EncryptionKey[] = [k1], per: KeyScope = 'tenant'): RingCipher {
  const monotonic = (): number => now;
  return new RingCipher(new KeyRings(store, keys, monotonic), per, monotonic);
}

/** What a process that has just started would have in hand. */
const sealOf = async (id: string, keys?: readonly EncryptionKey[], per?: KeyScope): Promise<Seal> => cipher(keys, per).of(id);

function errorOf(act: () => unknown): SealedError {
  try {
    act();
  } catch (error) {
    if (error instanceof SealedError) return error;
    throw error;
  }
  throw new Error('it was opened');
}

const ID = 'acme.order-1';

describe('sealing', () => {
  it('gives back any text, in any process with the key', async () => {
    const [here, there] = [await sealOf(ID), await sealOf(ID)];
    fc.assert(
      fc.property(fc.json(), fc.string({ minLength: 1 }), (json, field) => {
        const sealed = here.seal(json, field);
        expect(sealed).toMatch(/^stile1\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/);
        expect(there.open(sealed, field)).toBe(json);
      }),
    );
    expect(here.seal('', 'data')).toBe('');
  });

  it('never gives the same text twice, nor the same iv', async () => {
    const seal = await sealOf(ID);
    const ivs = new Set<string>();
    for (let i = 0; i < 5000; i++) ivs.add(seal.seal('{}', 'context').split('.')[2]!.slice(0, 16));
    expect(ivs.size).toBe(5000);
  });

  it('leaves plain texts as they are: none of them begins as a sealed one does', async () => {
    const seal = await sealOf(ID);
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(isSealed(json)).toBe(false);
        expect(seal.open(json, 'context')).toBe(json);
      }),
    );
    expect(seal.open(JSON.stringify(MARK), 'data')).toBe(JSON.stringify(MARK));
  });

  it('binds a text to its machine and its field', async () => {
    const seal = await sealOf(ID);
    const sealed = seal.seal('{"a":1}', 'context');
    expect(errorOf(() => seal.open(sealed, 'data'))).toMatchObject({ because: 'damaged', field: 'data', code: 'DATA_DAMAGED' });
    const other = await sealOf('acme.order-2');
    expect(errorOf(() => other.open(sealed, 'context')).because).toBe('damaged');
    const stranger = await sealOf('evil.order-1');
    expect(errorOf(() => stranger.open(sealed, 'context')).because).toBe('no key');
  });

  it('notices every change, and says nothing of what is in it', async () => {
    const seal = await sealOf(ID);
    const sealed = seal.seal('{"canary":1}', 'context');
    const at = MARK.length + keyIdOf(sealed).length + 1;
    const bytes = Buffer.from(sealed.slice(at), 'base64url');
    for (let i = 0; i < bytes.length; i++) {
      const changed = Buffer.from(bytes);
      changed[i]! ^= 1;
      const error = errorOf(() => seal.open(sealed.slice(0, at) + changed.toString('base64url'), 'context'));
      expect(error.because).toBe('damaged');
      expect(error.message).not.toContain('canary');
    }
    for (const cut of [0, 10, 27]) {
      expect(
        errorOf(() => seal.open(sealed.slice(0, at) + bytes.subarray(0, cut).toString('base64url'), 'context')).because,
      ).toBe('damaged');
    }
  });

  it('tells what differs by a digest that only the key makes', async () => {
    const [seal, again, other] = [await sealOf(ID), await sealOf(ID), await sealOf('acme.order-2')];
    expect(seal.digest('a')).toBe(again.digest('a'));
    expect(new Set([seal.digest('a'), seal.digest('b'), other.digest('a'), noSeal.digest('a')]).size).toBe(4);
  });
});

describe('master keys', () => {
  it('rotate: the first one wraps, all unwrap', async () => {
    const sealed = (await sealOf(ID, [k1])).seal('{}', 'context');
    const both = await sealOf(ID, [k2, k1]);
    expect(both.open(sealed, 'context')).toBe('{}');
    expect(await new KeyCare(store, [k2, k1]).rewrap()).toEqual({ rewrapped: 1, current: 0, shredded: 0, locked: [] });
    expect((await sealOf(ID, [k2])).open(sealed, 'context')).toBe('{}');
    expect(await new KeyCare(store, [k2]).rewrap()).toMatchObject({ rewrapped: 0, current: 1 });
    expect((await sealOf(ID, [k1])).problem).toMatchObject({ because: 'no key', keyId: 'k2' });
  });

  it('that are missing, or others of the same name, are named, and nothing is made in their place', async () => {
    const sealed = (await sealOf(ID, [k1])).seal('{}', 'context');
    const before = new Map(store.kept);
    for (const keys of [[k2], [master('k1')]]) {
      const seal = await sealOf(ID, keys);
      const error = errorOf(() => seal.open(sealed, 'context'));
      expect(error).toMatchObject({ because: 'no key', keyId: 'k1', code: 'KEY_MISSING' });
      expect(lacksKey(error)).toBe(true);
      expect(() => seal.seal('{}', 'context')).toThrow(/key "k1" is not among those of this process/);
    }
    expect(store.kept).toEqual(before);
    expect(errorOf(() => noSeal.open(sealed, 'context')).because).toBe('no key');
    expect(await new KeyCare(store, [k2]).rewrap()).toMatchObject({ rewrapped: 0, locked: [{ tenant: 'acme', keyId: 'k1' }] });
  });
});

describe('data keys', () => {
  it('are one for each tenant, made once however many processes ask', async () => {
    const seals = await Promise.all(Array.from({ length: 5 }, () => sealOf(ID)));
    expect(new Set(seals.map((seal) => keyIdOf(seal.seal('{}', 'context')))).size).toBe(1);
    await sealOf('acme.other');
    expect(store.kept.size).toBe(1);
    await sealOf('no-tenant');
    expect([...store.kept.keys()]).toEqual(['{"tenant":"acme"}', '{"tenant":""}']);
  });

  it('are read again after 30 s, and not before', async () => {
    const held = cipher();
    await held.of(ID);
    const { reads } = store;
    now = KEYS_FRESH_MS - 1;
    expect(held.of(ID)).not.toBeInstanceOf(Promise);
    now = KEYS_FRESH_MS;
    await held.of(ID);
    expect(store.reads).toBe(reads + 1);
  });

  it('are gone when they were shredded, for this process after 30 s at most, and none is made anew', async () => {
    const held = cipher();
    const sealed = (await held.of(ID)).seal('{}', 'context');
    expect(await new KeyCare(store).shred({ tenant: 'acme' })).toBe('shredded');
    expect(await new KeyCare(store).shred({ tenant: 'acme' })).toBe('before');
    expect(await new KeyCare(store).shred({ tenant: 'nobody' })).toBe('none');
    expect((await held.of(ID)).open(sealed, 'context')).toBe('{}');
    now += KEYS_FRESH_MS;
    for (const seal of [await held.of(ID), await sealOf(ID), await sealOf('acme.new')]) {
      expect(seal.problem).toMatchObject({ because: 'destroyed', code: 'DATA_DESTROYED' });
      expect(() => seal.seal('{}', 'context')).toThrow(/its key was destroyed/);
    }
    expect(errorOf(() => (held.of(ID) as Seal).open(sealed, 'context')).because).toBe('destroyed');
    expect((held.of(ID) as Seal).open('{"plain":1}', 'context')).toBe('{"plain":1}');
    expect(await new KeyCare(store, [k1]).rewrap()).toMatchObject({ shredded: 1, rewrapped: 0 });
  });

  it('that a failover lost are put back by who has used them, beside the one that was made meanwhile', async () => {
    const held = cipher();
    const sealed = (await held.of(ID)).seal('{"a":1}', 'context');
    store.kept.clear();
    const later = (await sealOf(ID)).seal('{"b":1}', 'context');
    now += KEYS_FRESH_MS;
    const seal = await held.of(ID);
    expect([seal.open(sealed, 'context'), seal.open(later, 'context')]).toEqual(['{"a":1}', '{"b":1}']);
    const anybody = await sealOf(ID);
    expect([anybody.open(sealed, 'context'), anybody.open(later, 'context')]).toEqual(['{"a":1}', '{"b":1}']);
  });

  it('are not put back by who has not used them for long: whoever allows a shredded tenant again gets a new one', async () => {
    const held = cipher();
    const sealed = (await held.of(ID)).seal('{}', 'context');
    await new KeyCare(store).shred({ tenant: 'acme' });
    store.kept.clear();
    now += KEYS_FRESH_MS + KEYS_HELD_MS;
    const seal = await held.of(ID);
    expect(seal.problem).toBeUndefined();
    expect(errorOf(() => seal.open(sealed, 'context')).because).toBe('no key');
  });

  it('that others have made since are looked for at once', async () => {
    const held = cipher();
    await held.of(ID);
    store.kept.clear();
    const sealed = (await sealOf(ID)).seal('{}', 'context');
    expect(errorOf(() => (held.of(ID) as Seal).open(sealed, 'context')).because).toBe('no key');
    expect((await held.of(ID)).open(sealed, 'context')).toBe('{}');
  });
});

describe('keys of machines', () => {
  const own = (id: string, keys?: readonly EncryptionKey[]): Promise<Seal> => sealOf(id, keys, 'machine');

  it('can be destroyed alone', async () => {
    const sealed = (await own(ID)).seal('{}', 'context');
    const other = (await own('acme.order-2')).seal('{}', 'context');
    await new KeyCare(store).shred({ machine: ID });
    expect((await own(ID)).problem?.because).toBe('destroyed');
    expect(errorOf(() => noSeal.open(sealed, 'context')).because).toBe('no key');
    expect((await own('acme.order-2')).open(other, 'context')).toBe('{}');
  });

  it('go with the key of their tenant, and rotate with it', async () => {
    const sealed = (await own(ID)).seal('{}', 'context');
    await new KeyCare(store, [k2, k1]).rewrap();
    expect((await own(ID, [k2])).open(sealed, 'context')).toBe('{}');
    expect((await own(ID, [k1])).problem).toMatchObject({ because: 'no key', keyId: 'k2' });
    await new KeyCare(store).shred({ tenant: 'acme' });
    expect((await own(ID, [k2])).problem?.because).toBe('destroyed');
  });

  it('open what their tenant had sealed before they were there', async () => {
    const sealed = (await sealOf(ID)).seal('{}', 'context');
    expect((await own(ID)).open(sealed, 'context')).toBe('{}');
  });

  it('are looked for anew when a machine is started', async () => {
    const held = cipher([k1], 'machine');
    await held.of(ID);
    store.kept.delete(JSON.stringify({ machine: ID })); // kept no more
    const anew = (await own(ID)).seal('{}', 'context');
    expect((await held.begin(ID)).open(anew, 'context')).toBe('{}');
    expect((await held.of(ID)).open(anew, 'context')).toBe('{}');
  });
});

it('what is shared in a tenant is neither of another tenant nor of another thing', async () => {
  const all = cipher();
  const sealed = (await all.shared(ID, 'schedule nightly')).seal('{}', 'context');
  expect((await all.shared('acme.other', 'schedule nightly')).open(sealed, 'context')).toBe('{}');
  const [daily, stranger] = [await all.shared(ID, 'schedule daily'), await all.shared('evil.other', 'schedule nightly')];
  expect(errorOf(() => daily.open(sealed, 'context')).because).toBe('damaged');
  expect(errorOf(() => stranger.open(sealed, 'context')).because).toBe('no key');
});
