import type { Json } from '@stile/machine';

export type Facts = { readonly [field: string]: Json };

/** No field of an entry needs more; the reason of an operator may have so many. */
const MAX_TEXT = 1000;
/** Of a filter or a tag, as JSON. */
const MAX_JSON = 2000;
const TOO_DEEP = '(nested too deeply)';

/**
 * What is told of results and records: where something stands and what it is called. Contexts, data, results and errors are not among it.
 */
const TOLD = [
  ...['correlationId', 'status', 'state', 'steps', 'revision', 'outcome', 'operationId', 'act', 'total', 'done'],
  ...['name', 'machine', 'version', 'stopped', 'nextAt', 'held', 'id', 'expiresAt'],
];

/** Some fields of an object, no longer than an entry should be. Fields that are not there are left out. */
export function pick(from: Facts, fields: readonly string[]): Facts {
  const picked: Record<string, Json> = {};
  for (const field of fields) {
    const value = Object.hasOwn(from, field) ? from[field] : undefined;
    if (value !== undefined) picked[field] = short(value);
  }
  return picked;
}

/** What an act has left behind, as its answer tells it. */
export function tellOf(result: unknown): Facts | undefined {
  if (typeof result !== 'object' || result === null) return undefined;
  const { items } = result as { items?: unknown };
  const told = { ...plain(pick(result as Facts, TOLD)), ...(Array.isArray(items) ? outcomesOf(items) : {}) };
  return Object.keys(told).length === 0 ? undefined : told;
}

/** Of a record that was read before. */
export function factsOf(view: object): Facts {
  return plain(pick(view as Facts, TOLD));
}

/** `{ created: 998, rejected: 2 }` */
function outcomesOf(items: readonly unknown[]): Facts {
  const counts: Record<string, number> = {};
  for (const item of items) {
    const { outcome } = (item ?? {}) as { outcome?: unknown };
    if (typeof outcome === 'string') counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return Object.keys(counts).length === 0 ? {} : { outcomes: counts };
}

/** A field of a name that is told may hold, elsewhere, something that is not. */
function plain(facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => typeof value !== 'object' || value === null));
}

function short(value: Json): Json {
  if (typeof value === 'string') return value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value;
  if (typeof value !== 'object' || value === null) return value;
  const text = textOf(value);
  if (text === TOO_DEEP) return text;
  return text.length > MAX_JSON ? `${text.slice(0, MAX_JSON)}…` : value;
}

/** As JSON. What was sent is not checked yet when it is told of: it may be nested deeper than the stack, and is refused for that later on. */
export function textOf(value: Json): string {
  try {
    return JSON.stringify(value);
  } catch {
    return TOO_DEEP;
  }
}
