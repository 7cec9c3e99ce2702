/** Stands for what is not shown. */
export const REDACTED = '[redacted]';

/** A copy of JSON data without what is not to be shown; the very same where nothing of that is in it. */
export type Redactor = <T>(value: T) => T;

/**
 * A path is looked for at any depth: `card.number` is every `number` of every `card`, `password` every field of that name, `card.*` all
 * fields of a card. Better a field too many is hidden than one too few.
 *
 * @param paths names with dots between them; `*` is any one name, or index of an array
 * @returns nothing where there are no paths
 */
export function makeRedactor(paths: readonly string[]): Redactor | undefined {
  if (paths.length === 0) return undefined;
  const wanted = paths.map((path) => path.split('.'));
  const start = wanted.map((names) => ({ names, at: 0 }));
  return (value) => walk(value, start, start) as typeof value;
}

/** The same for a JSON text; one that cannot be read is hidden as a whole. */
export function redactText(text: string, redact: Redactor): string {
  try {
    return JSON.stringify(redact(JSON.parse(text) as unknown));
  } catch {
    return REDACTED;
  }
}

/** A path, and how many of its names have been met. */
interface Met {
  readonly names: readonly string[];
  readonly at: number;
}

function walk(value: unknown, met: readonly Met[], start: readonly Met[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  let copy: Record<string, unknown> | unknown[] | undefined;
  for (const [key, item] of Object.entries(value as Record<string, unknown>)) {
    const next = met.flatMap(({ names, at }) => (names[at] === '*' || names[at] === key ? [{ names, at: at + 1 }] : []));
    const hidden = next.some(({ names, at }) => at === names.length);
    const shown = hidden ? REDACTED : walk(item, [...start, ...next], start);
    if (shown === item) continue;
    copy ??= Array.isArray(value) ? [...(value as unknown[])] : { ...value };
    (copy as Record<string, unknown>)[key] = shown;
  }
  return copy ?? value;
}
