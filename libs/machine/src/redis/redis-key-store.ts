import type { KeyOwner, KeyStore, Shredded } from '../crypto/key-store';
import type { RedisConnection } from './connect';
import type { Keyspace } from './keyspace';
import { callScript } from './scripts';
import { answered } from './store-error';

/** Field of the machines of no tenant: no tenant has this name. */
const NO_TENANT = '.';
/** Of the hash of a machine. */
const FIELD = 'key';
/** Tenants read in one go. */
const BATCH = 100;

/** Wrapped data keys: those of tenants in one hash of the deployment, those of machines beside their records. */
export class RedisKeyStore implements KeyStore {
  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
  ) {}

  read(owner: KeyOwner): Promise<string | null> {
    const { key, field } = this.placeOf(owner);
    return answered(this.redis.hget(key, field));
  }

  add(owner: KeyOwner, { ref, text }: { readonly ref: string; readonly text: string }, when: 'first' | 'again'): Promise<string> {
    const { key, field, beside, ofMachine } = this.placeOf(owner);
    return answered(callScript<string>(this.redis, 'key-add', [key, beside], [field, ref, text, when, ofMachine]));
  }

  shred(owner: KeyOwner): Promise<Shredded> {
    const { key, field } = this.placeOf(owner);
    return answered(callScript<Shredded>(this.redis, 'key-shred', [key], [field]));
  }

  /** @returns false when something else is there by now */
  async swap(tenant: string, was: string, text: string): Promise<boolean> {
    const { key, field } = this.placeOf({ tenant });
    return Number(await answered(callScript<number>(this.redis, 'key-swap', [key], [field, was, text]))) === 1;
  }

  /** All tenants that have keys, or had; one may come twice. */
  async *tenants(): AsyncGenerator<{ readonly tenant: string; readonly text: string }> {
    let cursor = '0';
    do {
      const [next, flat] = await answered(this.redis.hscan(this.keys.dataKeys, cursor, 'COUNT', BATCH));
      for (let i = 0; i + 1 < flat.length; i += 2) {
        const field = flat[i] as string;
        yield { tenant: field === NO_TENANT ? '' : field, text: flat[i + 1] as string };
      }
      cursor = next;
    } while (cursor !== '0');
  }

  private placeOf(owner: KeyOwner): { key: string; field: string; beside: string; ofMachine: 0 | 1 } {
    if ('machine' in owner) {
      return { key: this.keys.dataKey(owner.machine), field: FIELD, beside: this.keys.record(owner.machine), ofMachine: 1 };
    }
    const key = this.keys.dataKeys;
    return { key, field: owner.tenant === '' ? NO_TENANT : owner.tenant, beside: key, ofMachine: 0 };
  }
}
