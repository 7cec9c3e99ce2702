import type { Definition, EventPolicy, RetryPolicy, StateDefinition, Timer } from '@stile/machine';
import fc from 'fast-check';

const NAMES = [
  '__proto__',
  'constructor',
  'end',
  'a.b',
  '-',
  '.',
  '..a',
  'null',
  '1',
  'true',
  'x'.repeat(128),
  `${'x'.repeat(127)}y`,
];
const name = fc.oneof(fc.constantFrom(...NAMES), fc.stringMatching(/^[A-Za-z0-9_.-]{1,12}$/));
const action = fc.stringMatching(/^[A-Za-z0-9_.-]{1,20}$/);
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const retry: fc.Arbitrary<RetryPolicy> = fc.record(
  {
    maxRetries: fc.nat(1000),
    baseMs: fc.nat(86_400_000),
    capMs: fc.nat(86_400_000),
    factor: fc.integer({ min: 1, max: 100 }),
    jitter: fc.constantFrom('full' as const, 'none' as const),
    retryable: fc.array(fc.string({ minLength: 1, maxLength: 100 }), { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: [] },
);

const way = fc.record({ target: fc.nat(), action: optional(action), local: fc.boolean(), internal: fc.boolean() });

const sketch = fc.record({
  entryAction: optional(action),
  doAction: optional(action),
  exitAction: optional(action),
  retry: optional(retry),
  timeoutMs: optional(fc.integer({ min: 1, max: 86_400_000 })),
  onward: action,
  ways: fc.dictionary(name, way, { maxKeys: 4 }),
  after: fc.uniqueArray(fc.integer({ min: 1, max: 315_360_000_000 }), { maxLength: 3 }),
  exhausted: fc.option(fc.nat(), { nil: undefined }),
  policy: optional(fc.constantFrom<EventPolicy>('defer', 'ignore', 'reject')),
});

/** Definitions that pass validation: each state leads on to the next, the last one is final or leads back. */
export const definitions: fc.Arbitrary<Definition> = fc
  .record({
    name,
    version: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    maxRetries: fc.nat(1000),
    queue: name,
    retry: optional(retry),
    deadline: optional(fc.record({ afterMs: fc.integer({ min: 1000, max: 315_360_000_000 }), event: fc.boolean() })),
    onCancel: optional(fc.nat()),
    inboxLimit: optional(fc.integer({ min: 1, max: 100_000 })),
    retentionMs: optional(fc.nat(1_000_000)),
    names: fc.uniqueArray(name, { minLength: 1, maxLength: 6 }),
    sketches: fc.array(sketch, { minLength: 6, maxLength: 6 }),
    ends: fc.boolean(),
  })
  .map(({ names, sketches, ends, deadline, onCancel, ...machine }) => {
    const states = names.map((state, index) =>
      stateOf(state, index, names, sketches[index]!, ends && index === names.length - 1),
    );
    const events = states.flatMap(({ transitions }) => Object.keys(transitions));
    const definition = {
      ...machine,
      deadline: deadline && { afterMs: deadline.afterMs, event: deadline.event ? events[0] : undefined },
      onCancel: onCancel === undefined ? undefined : names[onCancel % names.length],
      initial: names[0]!,
      states: Object.fromEntries(states.map((state, index) => [state.name, withPolicy(state, events, sketches[index]!.policy)])),
    };
    return withoutUndefined(definition) as Definition;
  });

type Sketch = typeof sketch extends fc.Arbitrary<infer T> ? T : never;

function stateOf(state: string, index: number, names: readonly string[], sketch: Sketch, final: boolean): StateDefinition {
  const { entryAction, doAction, exitAction, retry, timeoutMs, onward, ways, after, exhausted } = sketch;
  const base = { name: state, final, entryAction, doAction, exitAction, retry, timeoutMs };
  if (final) return { ...base, transitions: {} };
  const transitions: [string, StateDefinition['transitions'][string]][] = Object.entries(ways).map(([event, each]) => {
    const internal = each.internal && each.action !== undefined;
    const target = internal ? state : names[each.target % names.length]!;
    return [event, { event, target, action: each.action, local: each.local && !internal, ...(internal ? { internal } : {}) }];
  });
  if (!Object.hasOwn(ways, onward)) {
    transitions.push([onward, { event: onward, target: names[(index + 1) % names.length]!, local: false }]);
  } else
    transitions.find(([event]) => event === onward)![1] = {
      event: onward,
      target: names[(index + 1) % names.length]!,
      local: false,
    };
  const events = transitions.map(([event]) => event);
  const timers: Timer[] = [...after].sort((a, b) => a - b).map((afterMs, i) => ({ afterMs, event: events[i % events.length]! }));
  return {
    ...base,
    transitions: Object.fromEntries(transitions),
    after: timers.length > 0 ? timers : undefined,
    onExhausted: exhausted === undefined ? undefined : events[exhausted % events.length],
  };
}

/** A policy for an event of another state. */
function withPolicy(state: StateDefinition, events: readonly string[], policy: EventPolicy | undefined): StateDefinition {
  const other = events.find((event) => !Object.hasOwn(state.transitions, event));
  return state.final || policy === undefined || other === undefined
    ? state
    : { ...state, events: Object.fromEntries([[other, policy]]) };
}

/** As definitions come from JSON. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutUndefined(item)]));
}
