import { readWrapped, unwrap, wrap, type EncryptionKey, type WrappedKey, type Wrapper } from './data-key';
import { nameOf } from './key-rings';
import { SHREDDED, type KeyOwner, type KeyStore, type Shredded } from './key-store';

/** Others may write a tenant's keys at the same time. */
const TRIES = 5;

export interface Rewrapped {
  /** Data keys that the first master key has wrapped anew. */
  readonly rewrapped: number;
  /** Those that it had wrapped before. */
  readonly current: number;
  /** Tenants whose keys were destroyed. */
  readonly shredded: number;
  /** Tenants with a key that none of the master keys opens; empty for the machines of none. */
  readonly locked: readonly { readonly tenant: string; readonly keyId: string }[];
}

/** Destroys data keys, and wraps them anew with another master key. */
export class KeyCare {
  private readonly masters: readonly Wrapper[];

  /** @param keys needed for `rewrap` only */
  constructor(
    private readonly store: KeyStore,
    keys: readonly EncryptionKey[] = [],
  ) {
    this.masters = keys.map(({ id, key }) => ({ id, secret: key.export() }));
  }

  /**
   * Nobody opens what was sealed with them, once no process goes by what it has read before, see {@link KEYS_FRESH_MS}; and nothing new is
   * sealed for this owner.
   *
   * @returns `none`: there is no such key, and nothing was done; `before`: it was destroyed before
   */
  shred(owner: KeyOwner): Promise<Shredded> {
    return this.store.shred(owner);
  }

  /** Dying in between leaves some wrapped as before: all of them open, and the next time goes on. @throws RangeError without keys */
  async rewrap(): Promise<Rewrapped> {
    const [first] = this.masters;
    if (!first) throw new RangeError('there is no master key to wrap data keys with');
    let [rewrapped, current, shredded] = [0, 0, 0];
    const locked: { tenant: string; keyId: string }[] = [];
    const seen = new Set<string>();
    for await (const { tenant, text } of this.store.tenants()) {
      if (seen.has(tenant)) continue;
      seen.add(tenant);
      if (text.startsWith(SHREDDED)) {
        shredded++;
        continue;
      }
      const done = await this.rewrapTenant(tenant, text, first);
      rewrapped += done.rewrapped;
      current += done.current;
      locked.push(...done.locked.map((keyId) => ({ tenant, keyId })));
    }
    return { rewrapped, current, shredded, locked };
  }

  private async rewrapTenant(tenant: string, read: string, first: Wrapper) {
    let text: string | null = read;
    for (let tries = 0; tries < TRIES && text !== null && !text.startsWith(SHREDDED); tries++) {
      const locked: string[] = [];
      const keys = readWrapped(text);
      const old = keys.filter(({ wrapperId }) => wrapperId !== first.id);
      const anew = keys.map((key) => {
        const rewrapped = key.wrapperId === first.id ? undefined : this.anew(key, tenant, first);
        if (key.wrapperId !== first.id && rewrapped === undefined) locked.push(key.wrapperId);
        return rewrapped ?? `${key.ref}.${key.wrapperId}.${key.sealed}`;
      });
      const done = { rewrapped: old.length - locked.length, current: keys.length - old.length, locked };
      if (done.rewrapped === 0 || (await this.store.swap(tenant, text, anew.join(' ')))) return done;
      text = await this.store.read({ tenant });
    }
    return { rewrapped: 0, current: 0, locked: [] };
  }

  private anew(key: WrappedKey, tenant: string, first: Wrapper): string | undefined {
    const name = nameOf({ tenant });
    const by = this.masters.find(({ id }) => id === key.wrapperId);
    const opened = by && unwrap(key, by, name);
    return opened && wrap(opened, first, name);
  }
}
