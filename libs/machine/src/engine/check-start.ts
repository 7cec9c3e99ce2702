import { PSEUDO_INIT, type Definition } from '../core/definition';
import { InvalidStartError } from '../core/errors';
import type { StartRequest } from '../core/model';
import { findTransition, legalEvents } from '../core/transition';
import { MAX_DELAY_MS } from './step-view';

/** Correlation ids: they become parts of Redis keys and job ids. */
export const MACHINE_ID = /^[A-Za-z0-9_.-]{1,128}$/;

export function isMachineId(text: unknown): text is string {
  return typeof text === 'string' && MACHINE_ID.test(text);
}

const MAX_TAGS = 32;
const MAX_TAG_LENGTH = 128;

/** Everything that can be told without a definition. @throws InvalidStartError naming the first field that cannot be used */
export function checkFields({ correlationId, delayMs, startAt, maxRetries, tags }: StartRequest): void {
  if (!isMachineId(correlationId)) {
    throw new InvalidStartError(
      'correlationId',
      correlationId,
      `is "${String(correlationId)}"; it must match ${MACHINE_ID.source}`,
    );
  }
  checkWhole('delayMs', delayMs, MAX_DELAY_MS, ' of ms');
  if (startAt !== undefined && Number.isNaN(Date.parse(startAt))) {
    throw new InvalidStartError('startAt', startAt, `is "${startAt}"; give a time in ISO 8601, such as 2030-01-31T12:00:00Z`);
  }
  if (startAt !== undefined && delayMs !== undefined) {
    throw new InvalidStartError('startAt', startAt, 'is given together with delayMs; give one of them');
  }
  checkWhole('maxRetries', maxRetries, 1000);
  const fits = (text: unknown): boolean => typeof text === 'string' && text.length <= MAX_TAG_LENGTH;
  const entries = Object.entries(tags ?? {});
  if (entries.length > MAX_TAGS || !entries.every((entry) => entry.every(fits))) {
    const wanted = `give at most ${MAX_TAGS} names and values, texts of at most ${MAX_TAG_LENGTH} characters`;
    throw new InvalidStartError('tags', tags, `cannot be used; ${wanted}`);
  }
}

function checkWhole(field: string, value: number | undefined, max: number, unit = ''): void {
  if (value === undefined || (Number.isInteger(value) && value >= 0 && value <= max)) return;
  throw new InvalidStartError(field, value, `is ${value}; give a whole number${unit} from 0 to ${max}`);
}

/** Where a start begins: both state and event, a state that is there, an event that it has. @throws InvalidStartError */
export function checkOrigin(definition: Definition, state: string | undefined, event: string | undefined): void {
  if (state === undefined && event === undefined) return;
  if (state === undefined || event === undefined) {
    const missing = state === undefined ? 'state' : 'event';
    throw new InvalidStartError(missing, undefined, 'is missing: give state and event together, or neither');
  }
  if (state !== PSEUDO_INIT && !Object.hasOwn(definition.states, state)) {
    const states = Object.keys(definition.states).join(', ');
    throw new InvalidStartError('state', state, `is "${state}", which "${definition.name}" does not have; it has: ${states}`);
  }
  if (!findTransition(definition, state, event)) {
    const legal = legalEvents(definition, state).join(', ') || 'none';
    throw new InvalidStartError('event', event, `is "${event}", which state "${state}" does not have; it has: ${legal}`);
  }
}
