import type { Deadline, Definition, EventPolicy, RetryPolicy, State, Timer } from './definition';
import { parseDuration } from './duration';
import { quote } from './names';
import { hint } from './suggest';

/** Reports an error in what was written. */
export type Refuse = (rule: string, message: string) => void;

/** What the builder and the decorators take alike for a machine. */
export interface MachineOptions {
  /** How long a finished machine is kept: a duration such as `'7d'`, or ms. @default the deployment's STILE_RETENTION, 7 days */
  readonly retention?: string | number;
  /** For all states that do not say otherwise, field by field. */
  readonly retry?: RetryPolicy;
  /** Of the whole machine, counted from its start: a duration such as `'1h'`, or ms. It then fails, or gets `event`. @default none */
  readonly deadline?: string | number | DeadlineOptions;
  /** The state that cleans up when the machine is cancelled gracefully. @default it is cancelled at once */
  readonly onCancel?: string;
  /** Events that wait for a state to take them, 1 … 100000. @default 1000 */
  readonly inboxLimit?: number;
}

export interface DeadlineOptions {
  readonly after: string | number;
  /** Sent to the machine when it is late, before all that is in its inbox. @default it fails with code DEADLINE */
  readonly event?: string;
}

/** What the builder and the decorators take alike for a state. */
export interface WaitingOptions {
  readonly retry?: RetryPolicy;
  /** Event that the last failed attempt turns into, instead of failing the machine. */
  readonly onExhausted?: string;
  /** Events that come by themselves when the machine has waited so long in the state, by duration: `{ '30s': 'expired' }`. */
  readonly after?: { readonly [duration: string]: string };
  /** For events that the state has no transition for: kept for a later state, dropped, or refused to the sender. @default 'defer' */
  readonly events?: { readonly [event: string]: EventPolicy };
  /** Time of one attempt at the state's actions, a duration such as `'10s'`, or ms; then the attempt has failed. @default none */
  readonly timeout?: string | number;
}

const RETRY_KEYS = ['maxRetries', 'baseMs', 'capMs', 'factor', 'jitter', 'retryable'];
const DEADLINE_KEYS = ['after', 'event'];

type Extras<T, K extends keyof T> = { -readonly [F in K]?: T[F] };

/** Fields that an author may leave out, in the definition's words. What is of the wrong type goes through: validation says so. */
export function machineExtras(
  { retention, retry, deadline, onCancel, inboxLimit }: MachineOptions,
  refuse: Refuse,
): Extras<Definition, 'retry' | 'retentionMs' | 'deadline' | 'onCancel' | 'inboxLimit'> {
  if (isRecord(retry)) checkKeys('retry of the machine', retry, RETRY_KEYS, refuse);
  return defined({
    retry,
    retentionMs: msOf('retention', retention, '7d', refuse),
    deadline: deadlineOf(deadline, refuse),
    onCancel,
    inboxLimit,
  });
}

export function stateExtras(
  name: string,
  { retry, onExhausted, after, events, timeout }: WaitingOptions,
  refuse: Refuse,
): Extras<State, 'retry' | 'onExhausted' | 'after' | 'events' | 'timeoutMs'> {
  if (isRecord(retry)) checkKeys(`retry of state "${name}"`, retry, RETRY_KEYS, refuse);
  return defined({
    retry,
    onExhausted,
    after: timersOf(name, after, refuse),
    events,
    timeoutMs: msOf(`timeout of state "${name}"`, timeout, '10s', refuse),
  });
}

/** For plain JavaScript, and for what the compiler lets through. */
export function checkKeys(what: string, value: object, known: readonly string[], refuse: Refuse): void {
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) refuse('unknown-key', `${what} has no field "${key}"; ${hint(key, known)}`);
  }
}

export function isRecord<T>(value: T): value is T & object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Soonest first, as a definition has them. */
export function soonestFirst<T extends Timer>(timers: readonly T[]): T[] {
  return [...timers].sort((a, b) => a.afterMs - b.afterMs);
}

function timersOf(state: string, after: WaitingOptions['after'], refuse: Refuse): readonly Timer[] | undefined {
  if (after === undefined) return undefined;
  if (!isRecord(after)) {
    refuse('wrong-type', `after of state "${state}" is ${quote(after)}; give an object such as { '30s': 'expired' }`);
    return undefined;
  }
  const timers: Timer[] = [];
  for (const [duration, event] of Object.entries(after)) {
    const afterMs = parseDuration(duration);
    if (afterMs !== undefined) timers.push({ afterMs, event });
    else refuse('bad-number', `a timer of state "${state}" is ${quote(duration)}; give a duration with its unit, such as '30s'`);
  }
  return timers.length === 0 ? undefined : soonestFirst(timers);
}

function deadlineOf(deadline: MachineOptions['deadline'], refuse: Refuse): Deadline | undefined {
  if (deadline === undefined) return undefined;
  const { after, event } = isRecord(deadline) ? deadline : { after: deadline };
  if (isRecord(deadline)) checkKeys('deadline', deadline, DEADLINE_KEYS, refuse);
  if (after === undefined) {
    refuse('empty', `deadline has no after; give ms, or a duration such as '1h'`);
    return undefined;
  }
  const afterMs = msOf('deadline', after, '1h', refuse);
  return afterMs === undefined ? undefined : { afterMs, ...defined({ event }) };
}

function msOf(what: string, value: string | number | undefined, example: string, refuse: Refuse): number | undefined {
  if (typeof value !== 'string') return value;
  const ms = parseDuration(value);
  if (ms === undefined) refuse('bad-number', `${what} is ${quote(value)}; give ms, or a duration such as '${example}'`);
  return ms;
}

/** Without the fields that are not there: a definition is plain JSON. */
export function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as ReturnType<typeof defined<T>>;
}

/** Fields of a machine that builder and decorators have in common. */
export const MACHINE_OPTION_KEYS = [
  'name',
  'version',
  'maxRetries',
  'retry',
  'queue',
  'retention',
  'deadline',
  'onCancel',
  'inboxLimit',
] as const;
