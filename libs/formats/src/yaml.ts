import {
  DEFAULT_MAX_RETRIES,
  DEFAULT_QUEUE,
  formatDuration,
  type Definition,
  type RetryPolicy,
  type StateDefinition,
  type Transition,
} from '@stile/machine';
import { stringify } from 'yaml';

/** A map whose keys are the author's own names: a Map, so that `__proto__` is one like any other. */
type Fields = Record<string, unknown> | ReadonlyMap<string, unknown>;

/** A definition as the YAML that is read as the same definition. What is a default is left out. Pure and deterministic. */
export function toYaml(definition: Definition): string {
  return stringify(
    { machines: [machineFields(definition)] },
    { lineWidth: 0, version: '1.2', schema: 'core', aliasDuplicateObjects: false },
  );
}

function machineFields(definition: Definition): Fields {
  const { name, version, maxRetries, retry, queue, retentionMs, deadline, onCancel, inboxLimit, states } = definition;
  return present({
    name,
    version,
    max_retries: maxRetries === DEFAULT_MAX_RETRIES ? undefined : maxRetries,
    retry: retryFields(retry),
    queue: queue === DEFAULT_QUEUE ? undefined : queue,
    retention: duration(retentionMs),
    deadline:
      deadline &&
      (deadline.event === undefined ? duration(deadline.afterMs) : { after: duration(deadline.afterMs), event: deadline.event }),
    on_cancel: onCancel,
    inbox_limit: inboxLimit,
    states: Object.values(states).map((state) => stateFields(state, state.name === definition.initial)),
  });
}

function stateFields(state: StateDefinition, initial: boolean): Fields {
  const { name, final, entryAction, doAction, exitAction, onExhausted, retry, after, events, timeoutMs, transitions } = state;
  return present({
    name,
    initial: initial || undefined,
    final: final || undefined,
    entry_action: entryAction,
    do_action: doAction,
    exit_action: exitAction,
    on_exhausted: onExhausted,
    retry: retryFields(retry),
    after: after && new Map(after.map(({ afterMs, event }) => [duration(afterMs), event])),
    events: events && new Map(Object.entries(events)),
    timeout: duration(timeoutMs),
    transitions: listed(Object.values(transitions).map(transitionFields)),
  });
}

function transitionFields({ event, target, action, local, internal }: Transition): Fields {
  return present({ event, target: internal ? undefined : target, action, local: local || undefined });
}

function retryFields(retry: RetryPolicy | undefined): Fields | undefined {
  if (!retry) return undefined;
  const { maxRetries, baseMs, capMs, factor, jitter, retryable } = retry;
  return present({ max_retries: maxRetries, base: duration(baseMs), cap: duration(capMs), factor, jitter, retryable });
}

/** What is no number goes through as it is: the loader says what it should be. */
function duration(ms: number | undefined): unknown {
  return typeof ms === 'number' && Number.isFinite(ms) ? formatDuration(ms) : ms;
}

function listed<T>(items: readonly T[]): readonly T[] | undefined {
  return items.length === 0 ? undefined : items;
}

function present(fields: Record<string, unknown>): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
