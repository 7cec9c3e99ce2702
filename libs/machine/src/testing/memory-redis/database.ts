import { wrongType } from './reply';
import { SortedSet } from './sorted-set';

export interface Kinds {
  string: { text: string };
  hash: Map<string, string>;
  list: string[];
  set: Set<string>;
  zset: SortedSet;
}

export type Kind = keyof Kinds;

interface Entry {
  readonly kind: Kind;
  readonly value: Kinds[Kind];
  /** Server ms. */
  expiresAt?: number;
}

const EMPTY: { readonly [K in Kind]: () => Kinds[K] } = {
  string: () => ({ text: '' }),
  hash: () => new Map(),
  list: () => [],
  set: () => new Set(),
  zset: () => new SortedSet(),
};

/** All keys, each with one value of one kind. Keys expire by the injected clock, when somebody looks at them. */
export class Database {
  private readonly entries = new Map<string, Entry>();

  /**
   * @param now server time in ms since the epoch
   * @param random 0 … 1, for what Redis answers at random
   */
  constructor(
    readonly now: () => number,
    readonly random: () => number,
  ) {}

  /** @throws RedisError when the key holds another kind */
  find<K extends Kind>(key: string, kind: K): Kinds[K] | undefined {
    const entry = this.entry(key);
    if (entry && entry.kind !== kind) throw wrongType();
    return entry?.value as Kinds[K] | undefined;
  }

  /** The value, made empty where there is none: the caller writes to it at once. @throws RedisError when it is of another kind */
  open<K extends Kind>(key: string, kind: K): Kinds[K] {
    const found = this.find(key, kind);
    if (found) return found;
    const value = EMPTY[kind]();
    this.entries.set(key, { kind, value });
    return value;
  }

  /** Drops a key whose last element has gone: Redis has no empty hashes, lists or sets. */
  tidy(key: string): void {
    const entry = this.entries.get(key);
    if (entry && entry.kind !== 'string' && sizeOf(entry.value as Kinds[Exclude<Kind, 'string'>]) === 0) this.entries.delete(key);
  }

  kindOf(key: string): Kind | undefined {
    return this.entry(key)?.kind;
  }

  delete(key: string): boolean {
    return this.entry(key) !== undefined && this.entries.delete(key);
  }

  rename(from: string, to: string): boolean {
    const entry = this.entry(from);
    if (!entry) return false;
    this.entries.delete(from);
    this.entries.set(to, entry);
    return true;
  }

  /** Server ms; `null` when the key does not expire, `undefined` when there is none. */
  expiryOf(key: string): number | null | undefined {
    const entry = this.entry(key);
    return entry && (entry.expiresAt ?? null);
  }

  /** @param at server ms; undefined: never */
  expireAt(key: string, at: number | undefined): boolean {
    const entry = this.entry(key);
    if (!entry) return false;
    entry.expiresAt = at;
    return true;
  }

  keys(): string[] {
    return [...this.entries.keys()].filter((key) => this.entry(key) !== undefined);
  }

  clear(): void {
    this.entries.clear();
  }

  private entry(key: string): Entry | undefined {
    const entry = this.entries.get(key);
    if (entry?.expiresAt === undefined || entry.expiresAt > this.now()) return entry;
    this.entries.delete(key);
    return undefined;
  }
}

function sizeOf(value: Kinds[Exclude<Kind, 'string'>]): number {
  return Array.isArray(value) ? value.length : value.size;
}
