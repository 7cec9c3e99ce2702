const MAX_SHOWN = 100;

/** What is wrong with a value, and the way out; all checks of fields speak through this. */
export function fault(value: unknown, wanted: string): string {
  return value === undefined ? `is missing; give ${wanted}` : `is ${shown(value)}; give ${wanted}`;
}

/** Like `fault`, for values that are nobody's business in an answer or a log: names their kind only. */
export function kindFault(value: unknown, wanted: string): string {
  return `is ${kindOf(value)}; give ${wanted}`;
}

/** A value that came as JSON, as JSON, clipped. */
export function shown(value: unknown): string {
  if (typeof value === 'number') return String(value); // 1e400 came as Infinity, which JSON does not know
  try {
    return clip(JSON.stringify(value));
  } catch {
    return kindOf(value); // nested deeper than the stack
  }
}

export function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

export function clip(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
