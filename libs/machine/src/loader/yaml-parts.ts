import { defined, soonestFirst } from '../core/authored';
import type { Deadline, EventPolicy, RetryPolicy, Timer } from '../core/definition';
import { parseDuration } from '../core/duration';
import { emptyRecord, quote } from '../core/names';
import { YamlFields } from './yaml-fields';

export const RETRY_KEYS = ['max_retries', 'base', 'cap', 'factor', 'jitter', 'retryable'];
export const DEADLINE_KEYS = ['after', 'event'];
/** What a definition calls them: problems are told in its words. */
const RETRY_FIELDS = {
  'retry.maxRetries': 'max_retries',
  'retry.baseMs': 'base',
  'retry.capMs': 'cap',
  'retry.factor': 'factor',
  'retry.jitter': 'jitter',
  'retry.retryable': 'retryable',
};

/** Notes in which line a field was written, by the name that a definition has for it. */
export type Mark = (field: string, line: number | undefined) => void;

export function readRetry(fields: YamlFields, mark: Mark): RetryPolicy | undefined {
  const retry = fields.map('retry', `retry of ${fields.what}`, RETRY_KEYS);
  if (!retry) return undefined;
  for (const [field, key] of Object.entries(RETRY_FIELDS)) mark(field, retry.lineOf(key));
  return defined({
    maxRetries: retry.number('max_retries'),
    baseMs: retry.duration('base'),
    capMs: retry.duration('cap'),
    factor: retry.number('factor'),
    jitter: retry.text('jitter') as RetryPolicy['jitter'], // validation says when it is another
    retryable: retry.texts('retryable'),
  });
}

/** `after: { 30s: expired }` */
export function readTimers(fields: YamlFields, mark: Mark): readonly Timer[] | undefined {
  const after = fields.map('after', `after of ${fields.what}`);
  if (!after) return undefined;
  const timers: (Timer & { line: number | undefined })[] = [];
  for (const key of after.names()) {
    const afterMs = parseDuration(key);
    const event = after.requiredText(key);
    if (afterMs === undefined) {
      after.refuseKey('bad-number', key, `a timer of ${fields.what} is ${quote(key)}; give a duration such as 30s, 5m or 2h`);
    } else if (event !== undefined) timers.push({ afterMs, event, line: after.lineOf(key) });
  }
  const sorted = soonestFirst(timers).map(({ line, ...timer }, index) => {
    mark(`after.${index}`, line);
    return timer;
  });
  return sorted.length === 0 ? undefined : sorted;
}

/** `events: { noise: ignore }` */
export function readPolicies(fields: YamlFields, mark: Mark): Readonly<Record<string, EventPolicy>> | undefined {
  const events = fields.map('events', `events of ${fields.what}`);
  if (!events) return undefined;
  const policies = emptyRecord<EventPolicy>();
  for (const event of events.names()) {
    const policy = events.requiredText(event);
    mark(`events.${event}`, events.lineOf(event));
    if (policy !== undefined) policies[event] = policy as EventPolicy; // validation says when it is another
  }
  return policies;
}

/** `deadline: 1h`, or `deadline: { after: 1h, event: too_late }` */
export function readDeadline(fields: YamlFields, mark: Mark): Deadline | undefined {
  if (!fields.isMap('deadline')) {
    mark('deadline.afterMs', fields.lineOf('deadline'));
    const afterMs = fields.duration('deadline');
    return afterMs === undefined ? undefined : { afterMs };
  }
  const deadline = fields.map('deadline', `deadline of ${fields.what}`, DEADLINE_KEYS);
  if (!deadline) return undefined;
  deadline.require('after');
  mark('deadline.afterMs', deadline.lineOf('after'));
  mark('deadline.event', deadline.lineOf('event'));
  const afterMs = deadline.duration('after');
  const event = deadline.text('event');
  return afterMs === undefined ? undefined : { afterMs, ...defined({ event }) };
}
