import { derive, makeDataKey, readWrapped, unwrap, wrap, type DataKey, type EncryptionKey, type Wrapper } from './data-key';
import { NO_TENANT, SHREDDED, type KeyOwner, type KeyStore } from './key-store';

/** How long a process goes by what it has read of keys, ms: so long at most it still opens what was shredded. */
export const KEYS_FRESH_MS = 30_000;

/** How long keys stay in memory that are not used, ms: so long one that a failover has lost can still be put back. */
export const KEYS_HELD_MS = 600_000;
const PRUNE_EVERY_MS = 60_000;

/** The data keys of one owner, as far as this process can use them. */
export interface Ring {
  /** By ref; the first one seals. */
  readonly keys: ReadonlyMap<string, DataKey>;
  /** Ids of their wrappers, by ref: keys that this process cannot unwrap. */
  readonly locked: ReadonlyMap<string, string>;
  readonly destroyed: boolean;
  /** Monotonic ms. */
  readonly until: number;
}

const MAX_TENANTS = 10_000;

/** Reads data keys, and makes them where there are none. */
export class KeyRings {
  private readonly masters: readonly Wrapper[];
  private readonly tenants = new Map<string, { ring: Ring; stale?: true }>();
  private readonly loading = new Map<string, Promise<Ring>>();
  private prunedAt = 0;

  /** @param keys the first one wraps; all unwrap */
  constructor(
    private readonly store: KeyStore,
    keys: readonly EncryptionKey[],
    private readonly monotonic: () => number,
  ) {
    this.masters = keys.map(({ id, key }) => ({ id, secret: key.export() }));
  }

  /** @param tenant empty for machines of none */
  async tenant(tenant: string): Promise<Ring> {
    const held = this.tenants.get(tenant);
    if (held && !held.stale && this.monotonic() < held.ring.until) return held.ring;
    let loading = this.loading.get(tenant);
    if (!loading) {
      const before = held && this.monotonic() < held.ring.until + KEYS_HELD_MS ? held.ring : undefined;
      loading = this.load({ tenant }, this.masters, before).finally(() => this.loading.delete(tenant));
      this.loading.set(tenant, loading);
    }
    const ring = await loading;
    this.prune();
    this.tenants.set(tenant, { ring });
    return ring;
  }

  /**
   * Of one machine: wrapped with the keys of its tenant, so that it goes with them.
   *
   * @param held what was read of it before; `starting` where the machine is about to be started, and its key must not go before it is
   */
  async machine(id: string, tenant: Ring, held: Ring | 'starting' | undefined): Promise<Ring> {
    if (tenant.destroyed) return { keys: new Map(), locked: new Map(), destroyed: true, until: tenant.until };
    const wrappers = [...tenant.keys.values()].map(({ ref, secret }) => ({ id: ref, secret: derive(secret, 'wrap') }));
    return this.load({ machine: id }, wrappers, held);
  }

  /** A text names a key that is not known: others may have made it since. */
  forget(tenant: string): void {
    const held = this.tenants.get(tenant);
    if (held) held.stale = true;
  }

  private prune(): void {
    const now = this.monotonic();
    if (this.tenants.size >= MAX_TENANTS) this.tenants.clear();
    if (now < this.prunedAt + PRUNE_EVERY_MS) return;
    this.prunedAt = now;
    for (const [name, { ring }] of this.tenants) if (now >= ring.until + KEYS_HELD_MS) this.tenants.delete(name);
  }

  /**
   * What is stored now. A key that this process has used and that is not there was lost with a server's tail in a failover: it is put back, or
   * what it has sealed since could never be opened. One that was shredded never is.
   */
  private async load(owner: KeyOwner, wrappers: readonly Wrapper[], held: Ring | 'starting' | undefined): Promise<Ring> {
    const until = this.monotonic() + KEYS_FRESH_MS;
    const name = nameOf(owner);
    const [wrapper] = wrappers;
    const add = (key: DataKey, by: Wrapper, when: 'first' | 'again'): Promise<string> =>
      this.store.add(owner, { ref: key.ref, text: wrap(key, by, name) }, when);
    const starting = held === 'starting';
    let text = starting && wrapper ? await add(makeDataKey(), wrapper, 'first') : await this.store.read(owner);
    const used = starting ? [] : [...(held?.keys.values() ?? [])];
    const lost = used.filter(({ ref }) => text === null || !text.includes(ref));
    for (const key of wrapper ? lost : []) text = await add(key, wrapper as Wrapper, 'again');
    if (text === null && wrapper) text = await add(makeDataKey(), wrapper, 'first');
    const keys = new Map<string, DataKey>();
    const locked = new Map<string, string>();
    const destroyed = text?.startsWith(SHREDDED) ?? false;
    for (const each of destroyed ? [] : readWrapped(text ?? '')) {
      const by = wrappers.find(({ id }) => id === each.wrapperId);
      const key = by && unwrap(each, by, name);
      if (key) keys.set(key.ref, key);
      else locked.set(each.ref, each.wrapperId);
    }
    return { keys, locked, destroyed, until };
  }
}

/** The words that a wrapped key is bound to. */
export function nameOf(owner: KeyOwner): string {
  if ('machine' in owner) return `machine ${owner.machine}`;
  return owner.tenant === '' ? NO_TENANT : `tenant ${owner.tenant}`;
}
