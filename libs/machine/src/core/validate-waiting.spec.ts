import type { Definition, RetryPolicy, State, Timer } from './definition';
import type { MachineSource } from './machine-source';
import { validateDefinition } from './validate';

/** `a` waits for `go`, `late` and `note`, which keeps it where it is; `b` for `stop`. */
function machine(a: Partial<State> = {}, more: Partial<Definition> = {}, source: Partial<MachineSource> = {}): MachineSource {
  const to = (event: string, target: string) => ({ [event]: { event, target, local: false } });
  const note = { note: { event: 'note', target: 'a', action: 'act', local: false, internal: true } };
  const states: Definition['states'] = {
    a: { name: 'a', final: false, transitions: { ...to('go', 'b'), ...to('late', 'end'), ...note }, ...a },
    b: { name: 'b', final: false, transitions: to('stop', 'end') },
    end: { name: 'end', final: true, transitions: {} },
  };
  const definition = { name: 'm', version: 1, maxRetries: 5, queue: 'machines', initial: 'a', states, ...more };
  return { definition, actions: new Map(), origin: 'test', ...source };
}

/** `a` with another way out of it, in place of `note`. */
const withNote = (note: object): MachineSource => {
  const { transitions } = machine().definition.states['a']!;
  return machine({ transitions: { ...transitions, note: { ...transitions['note']!, ...note } } });
};
const withState = (name: string, more: Partial<State>, definition: Partial<Definition> = {}): MachineSource => {
  const { states } = machine().definition;
  const state = { name, final: false, transitions: {}, ...states[name], ...more };
  return machine({}, { ...definition, states: { ...states, [name]: state } });
};
const problems = (source: MachineSource): string[] =>
  validateDefinition(source).map(({ severity, rule, message }) => `${severity} ${rule}: ${message}`);
const rules = (source: MachineSource): string[] => validateDefinition(source).map(({ severity, rule }) => `${severity} ${rule}`);

const YEAR_MS = 365 * 24 * 3600 * 1000;
const at = (...timers: [number, string][]): readonly Timer[] => timers.map(([afterMs, event]) => ({ afterMs, event }));
const manyTimers = (count: number) => at(...Array.from({ length: count }, (_, i): [number, string] => [i + 1, 'late']));

it('finds nothing wrong with all fields at the ends of their ranges', () => {
  const least: RetryPolicy = { maxRetries: 0, baseMs: 0, capMs: 0, factor: 1, jitter: 'none', retryable: ['E'] };
  const most: RetryPolicy = {
    maxRetries: 1000,
    baseMs: 1,
    capMs: 1,
    factor: 100,
    jitter: 'full',
    retryable: ['E'.repeat(100), 'F'],
  };
  const few = { after: at([1, 'late']), events: { stop: 'defer' as const }, timeoutMs: 1, retry: least };
  expect(problems(machine(few, { retry: most, deadline: { afterMs: 1000 }, inboxLimit: 1, onCancel: 'end' }))).toEqual([]);
  const many = { after: at([1, 'late'], [10 * YEAR_MS, 'note']), timeoutMs: 86_400_000, retry: most };
  const deadline = { afterMs: 10 * YEAR_MS, event: 'stop' };
  expect(problems(machine(many, { retry: least, deadline, inboxLimit: 100_000, onCancel: 'b' }))).toEqual([]);
  expect(problems(machine({ after: manyTimers(50), events: {} }))).toEqual([]);
  expect(problems(withState('end', { timeoutMs: 5, retry: {} }))).toEqual([]);
});

it.each<[string, MachineSource, string[]]>([
  ['a timer at once', machine({ after: at([0, 'late']) }), ['error bad-number']],
  ['a timer in 10 years and a ms', machine({ after: at([10 * YEAR_MS + 1, 'late']) }), ['error bad-number']],
  ['a timer in half a ms', machine({ after: at([0.5, 'late']) }), ['error bad-number']],
  ['a timer whose event the state lacks', machine({ after: at([1, 'stop']) }), ['error timer-event']],
  ['a timer whose event every object has', machine({ after: at([1, 'toString']) }), ['error timer-event']],
  ['two timers at one time', machine({ after: at([1, 'go'], [1, 'late']) }), ['error duplicate-timer']],
  ['timers out of order', machine({ after: at([2, 'go'], [1, 'late']) }), ['error unsorted-timers']],
  ['51 timers', machine({ after: manyTimers(51) }), ['error too-many-timers']],
  ['a final state with timers', withState('end', { after: at([1, 'go']) }), ['error final-with-timers']],
  ['timers that are no list', machine({ after: { '1s': 'go' } as never }), ['error wrong-type']],
  ['a timer without an event', machine({ after: [{ afterMs: 1 }, null] as never }), ['error wrong-type', 'error wrong-type']],
  ['a timeout of nothing', machine({ timeoutMs: 0 }), ['error bad-number']],
  ['a timeout of more than a day', machine({ timeoutMs: 86_400_001 }), ['error bad-number']],
  ['a timeout that is a text', machine({ timeoutMs: '1s' as never }), ['error wrong-type']],
  ['a deadline below a second', machine({}, { deadline: { afterMs: 999 } }), ['error bad-number']],
  ['a deadline in 10 years and a ms', machine({}, { deadline: { afterMs: 10 * YEAR_MS + 1 } }), ['error bad-number']],
  ['a deadline event no state has', machine({}, { deadline: { afterMs: 1000, event: 'nope' } }), ['error deadline-event']],
  ['a deadline that is a number', machine({}, { deadline: 5 as never }), ['error wrong-type']],
  ['a policy for an event the state has', machine({ events: { go: 'ignore' } }), ['error policy-with-transition']],
  ['a policy for an event no state has', machine({ events: { nope: 'ignore' } }), ['error policy-event']],
  ['a policy for an event every object has', machine({ events: { toString: 'ignore' } as never }), ['error policy-event']],
  ['a policy that is none', machine({ events: { stop: 'handle' as never } }), ['error bad-policy']],
  ['a policy that is no text', machine({ events: { stop: true as never } }), ['error wrong-type']],
  ['a final state with policies', withState('end', { events: { stop: 'ignore' } }), ['error final-with-events']],
  ['no room in the inbox', machine({}, { inboxLimit: 0 }), ['error bad-number']],
  ['too much room in the inbox', machine({}, { inboxLimit: 100_001 }), ['error bad-number']],
  ['a factor below 1', machine({ retry: { factor: 0.99 } }), ['error bad-number']],
  ['a factor above 100', machine({ retry: { factor: 100.5 } }), ['error bad-number']],
  ['a factor that is no number', machine({ retry: { factor: NaN } }), ['error bad-number']],
  ['another jitter', machine({ retry: { jitter: 'equal' as never } }), ['error bad-jitter']],
  ['no retryable codes', machine({ retry: { retryable: [] } }), ['error empty']],
  ['an empty and a long code', machine({ retry: { retryable: ['', 'E'.repeat(101)] } }), ['error bad-code', 'error bad-code']],
  ['a code that is a number', machine({ retry: { retryable: [500 as never] } }), ['error wrong-type']],
  ['codes that are no list', machine({ retry: { retryable: 'E' as never } }), ['error wrong-type']],
  [
    'a bad policy of the machine',
    machine({}, { retry: { factor: 0, maxRetries: -1 } }),
    ['error bad-number', 'error bad-number'],
  ],
  ['a base above the machine’s cap', machine({ retry: { baseMs: 9 } }, { retry: { capMs: 8 } }), ['warning base-above-cap']],
  ['a cap below the machine’s base', machine({ retry: { capMs: 8 } }, { retry: { baseMs: 9 } }), ['warning base-above-cap']],
  [
    'a base above the cap, once',
    machine({ retry: { factor: 3 } }, { retry: { baseMs: 9, capMs: 8 } }),
    ['warning base-above-cap'],
  ],
  ['no base above a cap of the machine’s', machine({ retry: { baseMs: 70_000 } }, { retry: { capMs: 80_000 } }), []],
  ['no target and no action', withNote({ action: undefined }), ['error empty']],
  ['a local transition without a target', withNote({ local: true }), ['error internal-local']],
  ['an internal one that leads elsewhere', withNote({ target: 'b' }), ['error internal-target']],
  [
    'a state called pseudo_cancel',
    withState('pseudo_cancel', { final: true }, { onCancel: 'pseudo_cancel' }),
    ['error reserved-name'],
  ],
  [
    'an event called pseudo_cancel',
    withState('b', { transitions: { pseudo_cancel: { event: 'pseudo_cancel', target: 'end', local: false } } }),
    ['error reserved-name'],
  ],
])('finds %s', (_name, source, expected) => expect(rules(source)).toEqual(expected));

it('names what is wrong and what may have been meant', () => {
  expect(
    problems(machine({ after: at([90_000, 'lte']), events: { sotp: 'ignroe' as never }, retry: { jitter: 'ful' as never } })),
  ).toEqual([
    'error bad-jitter: retry jitter of state "a" is "ful"; did you mean "full"?',
    'error timer-event: after 90s state "a" gets event "lte", which it has no transition for; did you mean "late"?',
    'error bad-policy: policy of state "a" for event "sotp" is "ignroe"; did you mean "ignore"?',
    'error policy-event: state "a" has a policy for event "sotp", which no state has a transition for: it is refused anyway; did you mean "stop"?',
  ]);
  expect(problems(machine({}, { onCancel: 'bb', deadline: { afterMs: 1, event: 'stp' } }))).toEqual([
    'error missing-target: when it is cancelled, machine "m" goes to state "bb", which it does not have; did you mean "b"?',
    'error bad-number: deadline of machine "m" in ms is 1; give a whole number from 1000 to 315360000000 (10 years)',
    'error deadline-event: at its deadline machine "m" gets event "stp", which no state has a transition for; did you mean "stop"?',
  ]);
});

describe('the state that cleans up', () => {
  const cleaning = (target: string) => ({ transitions: { tidy: { event: 'tidy', target, local: false } } });

  it('is reached by cancelling, and so is what follows it', () => {
    const source = withState('c', cleaning('d'));
    const d: State = { name: 'd', final: true, transitions: {} };
    const states = { ...source.definition.states, d };
    expect(rules(machine({}, { states }))).toEqual(['error unreachable-state', 'error unreachable-state']);
    expect(rules(machine({}, { states, onCancel: 'c' }))).toEqual([]);
  });

  it('is warned of when it cannot end, and so is what follows it', () => {
    const source = withState('c', cleaning('d'));
    const states: Definition['states'] = { ...source.definition.states, d: { name: 'd', final: false, transitions: {} } };
    expect(problems(machine({}, { states, onCancel: 'c' }))).toEqual([
      'warning no-way-to-end: no final state can be reached from state "c", so a machine that is cancelled never ends; is that meant?',
      'warning no-way-to-end: no final state can be reached from state "d"; is that meant?',
    ]);
  });

  it('is warned of in a machine that never ends, too', () => {
    const states: Definition['states'] = {
      a: { name: 'a', final: false, transitions: { again: { event: 'again', target: 'a', local: false } } },
    };
    expect(rules(machine({}, { states }))).toEqual(['warning no-way-to-end']);
    expect(rules(machine({}, { states, onCancel: 'a' }))).toEqual(['warning no-way-to-end', 'warning no-way-to-end']);
  });
});

it('says nothing of loops when an exhausted state takes an internal transition: it is not entered again', () => {
  expect(rules(machine({ onExhausted: 'note' }))).toEqual([]);
  const { transitions } = machine().definition.states['a']!;
  const loop = { ...transitions, note: { event: 'note', target: 'a', local: false } };
  expect(rules(machine({ onExhausted: 'note', transitions: loop }))).toEqual(['warning exhausted-loop']);
});

it('does not judge events by states that could not be read', () => {
  const more = { deadline: { afterMs: 1000, event: 'elsewhere' } };
  expect(rules(machine({ events: { elsewhere: 'ignore' } }, more, { incomplete: true }))).toEqual([]);
});
