import { createHmac } from 'node:crypto';
import { isSealed, keyIdOf, MARK, type Seal } from '../core/payload-cipher';
import { SealedError } from '../core/sealed-error';
import { derive, type DataKey } from './data-key';
import { decrypt, encrypt } from './gcm';
import type { Ring } from './key-rings';

/** Seals for one owner with a key derived from the first ring, and opens with those of all. */
export class RingSeal implements Seal {
  readonly on = true;
  readonly problem?: SealedError;
  private readonly first?: DataKey;
  private readonly derived = new Map<string, Buffer>();

  /**
   * @param owner whose texts: part of the key and of what each text is bound to
   * @param onUnknown a text names a key that is in no ring: they may be out of date
   */
  constructor(
    private readonly rings: readonly Ring[],
    private readonly owner: string,
    private readonly onUnknown: () => void,
  ) {
    const [ring] = rings;
    this.first = ring?.keys.values().next().value;
    const [masterId = 'none'] = rings.at(-1)?.locked.values() ?? [];
    if (ring?.destroyed) this.problem = new SealedError('the data', 'destroyed', '');
    else if (!this.first) this.problem = new SealedError('the data', 'no key', masterId);
  }

  seal(text: string, field: string): string {
    if (text === '') return text;
    const key = this.sealing;
    return `${MARK}${key.ref}.${encrypt(this.keyOf(key), text, this.placeOf(field))}`;
  }

  open(text: string, field: string): string {
    if (!isSealed(text)) return text;
    const ref = keyIdOf(text);
    const key = this.find(ref, field);
    const opened = decrypt(this.keyOf(key), text.slice(MARK.length + ref.length + 1), this.placeOf(field));
    if (!opened) throw new SealedError(field, 'damaged', ref);
    return opened.toString('utf8');
  }

  digest(text: string): string {
    return createHmac('sha256', derive(this.sealing.secret, `digest ${this.owner}`))
      .update(text)
      .digest('base64url')
      .slice(0, 22);
  }

  private get sealing(): DataKey {
    if (this.problem || !this.first) throw this.problem ?? new SealedError('the data', 'no key', 'none');
    return this.first;
  }

  private find(ref: string, field: string): DataKey {
    for (const ring of this.rings) {
      const key = ring.keys.get(ref);
      if (key) return key;
    }
    if (this.rings.some(({ destroyed }) => destroyed)) throw new SealedError(field, 'destroyed', ref);
    const wrapperId = this.rings.map(({ locked }) => locked.get(ref)).find((id) => id !== undefined);
    if (wrapperId === undefined) this.onUnknown();
    // A machine's own key is wrapped with its tenant's, and that one with a master key.
    const masterId = this.rings.at(-1)?.locked.get(wrapperId ?? '');
    throw new SealedError(field, 'no key', masterId ?? wrapperId ?? ref);
  }

  private keyOf({ ref, secret }: DataKey): Buffer {
    let key = this.derived.get(ref);
    if (!key) {
      key = derive(secret, `seal ${this.owner}`);
      this.derived.set(ref, key);
    }
    return key;
  }

  private placeOf(field: string): string {
    return `stile1 ${field} of ${this.owner}`;
  }
}
