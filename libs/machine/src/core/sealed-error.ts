import { StileError } from './errors';

/** `no key`: this process lacks it, another may have it · `destroyed`: nobody has it any more · `damaged`: it is not what was sealed. */
export type SealedBecause = 'no key' | 'destroyed' | 'damaged';

const CODES = { 'no key': 'KEY_MISSING', destroyed: 'DATA_DESTROYED', damaged: 'DATA_DAMAGED' } as const;

/** A text that is encrypted cannot be opened, or none can be encrypted. Names field and key, never the content. */
export class SealedError extends StileError {
  readonly code: (typeof CODES)[SealedBecause];
  constructor(
    /** Such as `context`. */
    readonly field: string,
    readonly because: SealedBecause,
    /** Id of the key, as far as it is known. */
    readonly keyId: string,
  ) {
    super(`${field} ${TEXTS[because](keyId)}`);
    this.code = CODES[because];
  }
}

const TEXTS = {
  'no key': (keyId) =>
    `cannot be read: key "${keyId}" is not among those of this process, or is another one there; see STILE_ENCRYPTION_KEYS`,
  destroyed: () => 'cannot be read any more: its key was destroyed',
  damaged: (keyId) => `cannot be read: it is not what was sealed there with key "${keyId}"; it was changed, or put in its place`,
} as const satisfies Record<SealedBecause, (keyId: string) => string>;

/** Whether another process may be able to do what this one cannot: nothing may be given up for it. */
export function lacksKey(error: unknown): boolean {
  return error instanceof SealedError && error.because === 'no key';
}

/** What was asked for needs data of a machine that cannot be read. */
export class UnreadableError extends StileError {
  readonly code: string;
  constructor(correlationId: string, { code, message }: { readonly code: string; readonly message: string }) {
    super(`machine "${correlationId}": ${message}`);
    this.code = code;
  }
}
