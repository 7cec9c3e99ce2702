import { SealedError } from './sealed-error';

/** Seals and opens the texts of one owner, such as a machine. */
export interface Seal {
  /** False where nothing is sealed. */
  readonly on: boolean;
  /** Why nothing can be sealed here. */
  readonly problem?: SealedError;
  /**
   * @param text JSON, or nothing, which stays nothing
   * @param field what it is; it opens as nothing else
   * @throws SealedError
   */
  seal(text: string, field: string): string;
  /** A text that was never sealed comes back as it is. @throws SealedError */
  open(text: string, field: string): string;
  /** The same for the same text; tells nothing of it to who lacks the key. @throws SealedError */
  digest(text: string): string;
}

/**
 * Encrypts what users' data is in, at the border of the store. No promise where the keys are at hand: the hottest calls must not wait for
 * nothing. All reject with StoreUnavailableError.
 */
export interface PayloadCipher {
  /** For the texts of a machine. */
  of(correlationId: string): Seal | Promise<Seal>;
  /** The same, for one that is about to be started: its key is looked for anew, and made. */
  begin(correlationId: string): Seal | Promise<Seal>;
  /**
   * For what belongs to several machines of one tenant.
   *
   * @param correlationId of one of them
   * @param owner names what it is for, such as `schedule nightly`
   */
  shared(correlationId: string, owner: string): Seal | Promise<Seal>;
}

/** Begins all that is sealed. JSON never does: it begins with one of `{ [ " - 0-9 t f n`. */
export const MARK = 'stile1.';

export function isSealed(text: string): boolean {
  return text.startsWith(MARK);
}

/** `<mark><id of the key>.<base64url>`. */
export function keyIdOf(text: string): string {
  return text.slice(MARK.length, text.indexOf('.', MARK.length));
}

/** Of a process without keys: what others have sealed it cannot open, and says so. */
export const noSeal: Seal = {
  on: false,
  seal: (text) => text,
  open(text, field) {
    if (isSealed(text)) throw new SealedError(field, 'no key', keyIdOf(text));
    return text;
  },
  digest: (text) => text,
};

export const noCipher: PayloadCipher = { of: () => noSeal, begin: () => noSeal, shared: () => noSeal };
