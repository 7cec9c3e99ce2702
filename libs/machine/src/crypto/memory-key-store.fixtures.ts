import { SHREDDED, type KeyOwner, type KeyStore, type Shredded } from './key-store';

/** Keys in memory, told by the same rules as the scripts. */
export class MemoryKeyStore implements KeyStore {
  readonly kept = new Map<string, string>();
  reads = 0;

  async read(owner: KeyOwner): Promise<string | null> {
    this.reads++;
    return this.kept.get(JSON.stringify(owner)) ?? null;
  }

  async add(owner: KeyOwner, { ref, text }: { readonly ref: string; readonly text: string }, when: 'first' | 'again') {
    const name = JSON.stringify(owner);
    const now = this.kept.get(name);
    if (now !== undefined && (when === 'first' || now.startsWith(SHREDDED) || now.includes(`${ref}.`))) return now;
    const then = now === undefined ? text : `${now} ${text}`;
    this.kept.set(name, then);
    return then;
  }

  async shred(owner: KeyOwner): Promise<Shredded> {
    const name = JSON.stringify(owner);
    const now = this.kept.get(name);
    if (now === undefined) return 'none';
    if (now.startsWith(SHREDDED)) return 'before';
    this.kept.set(name, `${SHREDDED}1`);
    return 'shredded';
  }

  async swap(tenant: string, was: string, text: string): Promise<boolean> {
    const name = JSON.stringify({ tenant });
    if (this.kept.get(name) !== was) return false;
    this.kept.set(name, text);
    return true;
  }

  async *tenants(): AsyncGenerator<{ tenant: string; text: string }> {
    for (const [name, text] of [...this.kept]) {
      const owner = JSON.parse(name) as KeyOwner;
      if ('tenant' in owner) yield { tenant: owner.tenant, text };
    }
  }
}
