/** Machines, versions apart, states, events and queues: they become parts of Redis keys, job ids and metric labels. */
const NAME = /^[A-Za-z0-9_.-]{1,128}$/;
/** Longer, for the generated ones: `state.on.event`. */
const ACTION_NAME = /^[A-Za-z0-9_.-]{1,300}$/;

export const NAME_RULE = 'use 1 to 128 of A-Z a-z 0-9 _ . -';
export const ACTION_NAME_RULE = 'use 1 to 300 of A-Z a-z 0-9 _ . -';

export function isName(text: string): boolean {
  return NAME.test(text);
}

export function isActionName(text: string): boolean {
  return ACTION_NAME.test(text);
}

/** Names of actions that are given as code, in place. They are part of idempotency keys: they must never change. */
export const generatedName = {
  do: (state: string): string => state,
  entry: (state: string): string => `${state}.entry`,
  exit: (state: string): string => `${state}.exit`,
  on: (state: string, event: string): string => `${state}.on.${event}`,
};

/** An empty record without a prototype, so that `__proto__` and `constructor` are names like any other. */
export function emptyRecord<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}

/** What the author wrote, short enough for a message. */
export function quote(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : plain(value);
  return text.length <= 150 ? text : `${text.slice(0, 150)}…`;
}

function plain(value: unknown): string {
  try {
    return String(value);
  } catch {
    return 'an array'; // nested deeper than the stack
  }
}
