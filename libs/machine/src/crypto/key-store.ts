/** Whose data key: a tenant's (empty: of the machines of none), or one machine's. */
export type KeyOwner = { readonly tenant: string } | { readonly machine: string };

/** Begins what stands in the place of keys that were destroyed. */
export const SHREDDED = 'shredded ';
export const NO_TENANT = 'no tenant';

/** Keeps data keys, wrapped. All reject with StoreUnavailableError. */
export interface KeyStore {
  /** Wrapped keys, separated by spaces, or that they were shredded. */
  read(owner: KeyOwner): Promise<string | null>;
  /**
   * @param when `first`: only where there is none; `again`: beside those that are there. Nothing is added to what was shredded
   * @returns what is there then
   */
  add(owner: KeyOwner, key: { readonly ref: string; readonly text: string }, when: 'first' | 'again'): Promise<string>;
  shred(owner: KeyOwner): Promise<Shredded>;
  /** Replaces a tenant's keys. @returns false when they are others than `was` by now */
  swap(tenant: string, was: string, text: string): Promise<boolean>;
  /** All tenants that have keys, or had; one may come twice. */
  tenants(): AsyncIterable<{ readonly tenant: string; readonly text: string }>;
}

/** `before`: that was done before. */
export type Shredded = 'shredded' | 'before' | 'none';
