import type { StepError } from './model';

/** What failed machines have in common that are shown as one group. */
export interface FailureKind {
  readonly machine: string;
  readonly version: number;
  /** The state whose code failed, or that could not be entered. */
  readonly state: string;
  readonly code: string;
  /** With placeholders for what differs from machine to machine. */
  readonly message: string;
}

/** Characters of a message that tell failures apart; what comes after is cut off. */
const MESSAGE_LIMIT = 300;
/** Work is bounded: no more than this of a message is looked at. */
const LOOKED_AT = 2000;

/**
 * What is replaced, in this order: a uuid has numbers in it, a path may have a uuid. Each pattern is linear in the text, whatever the text
 * (no repetition inside a repetition), as messages come from user code.
 */
const PLACEHOLDERS: readonly (readonly [pattern: RegExp, placeholder: string])[] = [
  [/"[^"\n]{0,500}"|'[^'\n]{0,500}'(?![A-Za-z])|`[^`\n]{0,500}`|“[^”\n]{0,500}”/g, '<text>'],
  [/\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s,;)\]}>]+/gi, '<url>'],
  [/(?<![\w.])(?:[A-Za-z]:)?[\\/][\w.@%+~-]+[\\/][^\s,;:)\]}>]*/g, '<path>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<id>'],
  [/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?\b/g, '<time>'],
  [/\b0x[0-9a-f]+\b/gi, '<hex>'],
  [/\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,}\b/gi, '<hex>'],
  // A word with digits in it: order-123, c_4f2, i18n. After all the others, which are told more exactly.
  [/(?<![\w<])[\w.-]*\d[\w.-]*(?![\w>])/g, '<id>'],
];

const NUMBER = /^[+-]?\d[\d.]*(?:e[+-]?\d+)?(?<unit>ms|s|m|h|d|%|b|kb|mb|gb)?$/i;

/** The message with placeholders: `order <id> not found at <path>`. The same for messages that differ in their particulars only. */
export function normaliseMessage(message: string): string {
  let text = message.slice(0, LOOKED_AT);
  for (const [pattern, placeholder] of PLACEHOLDERS) {
    text = text.replace(pattern, (found) => (placeholder === '<id>' ? wordOf(found) : placeholder));
  }
  const plain = text.replace(/\s+/g, ' ').trim();
  return plain.length <= MESSAGE_LIMIT ? plain : `${plain.slice(0, MESSAGE_LIMIT)}…`;
}

/** A number with or without a unit is a number; a full stop behind it is the sentence's. */
function wordOf(found: string): string {
  const stop = /[.-]+$/.exec(found)?.[0] ?? '';
  const word = found.slice(0, found.length - stop.length);
  const number = NUMBER.exec(word);
  if (!number) return `<id>${stop}`;
  return `<n>${number.groups?.unit ?? ''}${stop}`;
}

export function failureKind(of: { machine: string; version: number }, state: string, error: StepError): FailureKind {
  const code = error.code.replace(/\s+/g, ' ');
  return { machine: of.machine, version: of.version, state, code, message: normaliseMessage(error.message) };
}
