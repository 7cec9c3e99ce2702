import type { StepError } from '../core/model';
import { isSealed, MARK, type Seal } from '../core/payload-cipher';
import { SealedError } from '../core/sealed-error';

type Fields = Record<string, string | undefined>;

/** JSON strings, and sealed texts between them. Linear: no repetition within a repetition that could match the same. */
const STRINGS_AND_SEALED = /"(?:[^"\\]|\\.)*"|stile1\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+/g;
/** Of a child's result: what its parent's list needs. */
const RESULT_HEAD = /^\{"index":\d+,"correlationId":"[A-Za-z0-9_.-]+","outcome":"[a-z]+"/;

/** An error as it is stored: its code stays plain. Where nothing can be sealed, that is all that is kept. */
export function packError(error: StepError, seal: Seal): string {
  if (!seal.on) return JSON.stringify(error);
  const { message, stack, ...plain } = error;
  if (seal.problem) return JSON.stringify({ ...plain, message: '(not kept)' });
  return JSON.stringify({ ...plain, sealed: seal.seal(JSON.stringify({ message, stack }), 'error') });
}

/** @throws SealedError */
export function openError<T extends StepError>(text: string, seal: Seal): T {
  const { sealed, ...error } = JSON.parse(text) as T & { readonly sealed?: unknown };
  if (typeof sealed !== 'string') return error as unknown as T;
  return { ...error, ...(JSON.parse(seal.open(sealed, 'error')) as object) } as unknown as T;
}

/** As {@link openError}; why it cannot be read stands for the message. */
export function showError<T extends StepError>(text: string, seal: Seal): T {
  try {
    return openError(text, seal);
  } catch (error) {
    if (!(error instanceof SealedError)) throw error;
    return { ...(JSON.parse(text) as T), sealed: undefined, message: `(${error.message})` };
  }
}

/** A child's result: what comes after its outcome is sealed in its place, so that what opens it gets the very text back. */
export function packResult(text: string, seal: Seal): string {
  const head = seal.on ? RESULT_HEAD.exec(text)?.[0] : undefined;
  if (head === undefined) return seal.seal(text, 'data');
  const rest = text.slice(head.length + 1, -1);
  return rest === '' ? text : `${head},${seal.seal(rest, 'data')}}`;
}

/**
 * What comes with an event: sealed as a whole, or results of children that scripts have put into a text, each with a sealed part. Such a text
 * is no JSON before it is opened, so none of a user's is taken for one.
 *
 * @param instead of a part that cannot be opened. @default it is thrown
 * @throws SealedError
 */
export function openData(text: string, seal: Seal, instead?: (error: SealedError) => string): string {
  if (isSealed(text)) return seal.open(text, 'data');
  if (!text.includes(MARK)) return text;
  return text.replace(STRINGS_AND_SEALED, (found) => {
    if (found.startsWith('"')) return found;
    try {
      return seal.open(found, 'data');
    } catch (error) {
      if (!(error instanceof SealedError) || !instead) throw error;
      return instead(error);
    }
  });
}

/** Stands for what a child's result has after its outcome. */
export function untold({ code, message }: SealedError): string {
  return `"error":${JSON.stringify({ code, message: `(${message})` })}`;
}

/** The fields of a record, opened as far as that can be done; `unreadable` tells why not. */
export function openRecord(fields: Fields, seal: Seal): Fields {
  const { context, beat, error } = fields;
  if (![context, beat].some((text) => text !== undefined && isSealed(text)) && !error?.includes('"sealed":')) return fields;
  const opened: Fields = { ...fields };
  const open = (field: string, instead: string | undefined, read: () => string): void => {
    try {
      opened[field] = read();
    } catch (problem) {
      if (!(problem instanceof SealedError)) throw problem;
      opened[field] = instead;
      opened.unreadable ??= JSON.stringify({ code: problem.code, message: problem.message });
    }
  };
  if (context !== undefined) open('context', '{}', () => seal.open(context, 'context'));
  if (beat !== undefined) open('beat', undefined, () => seal.open(beat, 'beat'));
  if (error?.includes('"sealed":')) {
    open('error', JSON.stringify({ ...(JSON.parse(error) as object), sealed: undefined, message: '(cannot be read)' }), () =>
      JSON.stringify(openError(error, seal)),
    );
  }
  return opened;
}

/** Context and data of a claim. */
export function openClaimed(
  context: string,
  data: string | undefined,
  seal: Seal,
): { readonly context: string; readonly data?: string; readonly unreadable?: SealedError } {
  try {
    const opened = seal.open(context, 'context');
    return data ? { context: opened, data: openData(data, seal) } : { context: opened };
  } catch (error) {
    if (!(error instanceof SealedError)) throw error;
    return { context: '{}', unreadable: error };
  }
}
