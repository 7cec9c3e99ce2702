import {
  DEFAULT_BASE_MS,
  DEFAULT_CAP_MS,
  formatDuration,
  mergedRetry,
  type Definition,
  type RetryPolicy,
  type StateDefinition,
} from '@stile/machine';
import { retryableCodes } from './retry';
import { isWhole } from './seconds';

/** What Amazon States Language cannot say of a definition, or says otherwise; each with the place. */
export function aslNotes(definition: Definition, reached: ReadonlySet<string>): string[] {
  const states = Object.values(definition.states);
  const live = states.filter(({ name }) => reached.has(name));
  const left = states.filter(({ name }) => !reached.has(name)).map(({ name }) => name);
  return [
    ...machineNotes(definition),
    ...(left.length > 0 ? [`states: ${left.join(', ')} cannot be reached here and are left out`] : []),
    ...live.flatMap((state) => stateNotes(definition, state)),
  ];
}

function machineNotes(definition: Definition): string[] {
  const { retentionMs, deadline, onCancel, inboxLimit } = definition;
  return [
    ...(onCancel === undefined ? [] : [`onCancel: an execution is stopped at once, it does not go to ${onCancel}`]),
    ...(deadline?.event === undefined
      ? []
      : [`deadline: event ${deadline.event} after ${formatDuration(deadline.afterMs)} is not sent`]),
    ...(deadline && deadline.event === undefined ? rounding('deadline', deadline.afterMs) : []),
    ...(inboxLimit === undefined ? [] : ['inboxLimit: an execution has no inbox']),
    ...(retentionMs === undefined ? [] : ['retentionMs: how long executions are kept is up to AWS']),
  ];
}

function stateNotes(definition: Definition, state: StateDefinition): string[] {
  const { name, final, transitions, events = {}, timeoutMs, after = [] } = state;
  const at = `states.${name}`;
  const ways = Object.values(transitions);
  return [
    ...(final || ways.length === 0 ? [] : waitingNotes(at, state)),
    ...(Object.keys(events).length > 0
      ? [`${at}.events: an execution takes no events, so ${Object.keys(events).join(', ')} need no policy`]
      : []),
    ...ways.filter(({ local }) => local).map(({ event }) => `${at}.transitions.${event}.local: is a step like any other`),
    ...(timeoutMs === undefined ? [] : rounding(`${at}.timeoutMs`, timeoutMs)),
    ...after.flatMap(({ afterMs }, index) => rounding(`${at}.after.${index}`, afterMs)),
    ...(final ? [] : retryNotes(`${at}.retry`, mergedRetry(definition, state))),
  ];
}

/** Which states wait is not written in a definition: `do` returns nothing. */
function waitingNotes(at: string, { doAction, after = [] }: StateDefinition): string[] {
  const timers = after.length > 0 ? 'only its timers come' : 'the execution fails';
  if (doAction === undefined)
    return [`${at}: has no do action and waits for events from outside; unless its Task answers with one, ${timers}`];
  return after.length > 0 ? [`${at}: while it waits, events from outside cannot come; let its Task answer with them`] : [];
}

function retryNotes(at: string, policy: RetryPolicy): string[] {
  const { baseMs = DEFAULT_BASE_MS, capMs = DEFAULT_CAP_MS, retryable = [] } = policy;
  const codes = retryableCodes(policy);
  const refused = retryable.filter((code) => !codes?.includes(code));
  return [
    ...rounding(`${at}.baseMs`, Math.min(baseMs, capMs)),
    ...rounding(`${at}.capMs`, capMs),
    ...(refused.length > 0 ? [`${at}.retryable: ${refused.join(', ')} are names of ASL's own and are left out`] : []),
    ...(codes && codes.length > 0 ? [`${at}.retryable: is matched against the names of errors, not their codes`] : []),
  ];
}

function rounding(at: string, ms: number): string[] {
  return isWhole(ms) ? [] : [`${at}: ${formatDuration(ms)} is rounded to what ASL can count, whole seconds from 1 to 99999999`];
}
