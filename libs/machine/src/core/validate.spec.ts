import fc from 'fast-check';
import type { Definition, State } from './definition';
import type { MachineSource } from './machine-source';
import { validateDefinition } from './validate';

type Targets = Record<string, string>;

function state(name: string, on: Targets = {}, more: Partial<State> = {}): State {
  const transitions = Object.fromEntries(Object.entries(on).map(([event, target]) => [event, { event, target, local: false }]));
  return { name, final: false, transitions, ...more };
}

function machine(states: readonly State[], more: Partial<Definition> = {}, source: Partial<MachineSource> = {}): MachineSource {
  const byName = Object.fromEntries(states.map((item) => [item.name, item]));
  const definition = {
    name: 'm',
    version: 1,
    maxRetries: 5,
    queue: 'machines',
    initial: 'a',
    states: byName,
    ...more,
  };
  return { definition, actions: new Map(), origin: 'test', ...source };
}

const end = state('end', {}, { final: true });
const rules = (source: MachineSource): string[] => validateDefinition(source).map(({ severity, rule }) => `${severity} ${rule}`);

describe('validateDefinition', () => {
  it('finds nothing wrong with what is right', () => {
    expect(rules(machine([state('a', { go: 'end', again: 'a' }), end], { retentionMs: 0, maxRetries: 0 }))).toEqual([]);
    expect(rules(machine([state('a', {}, { final: true, exitAction: 'bye' })]))).toEqual([]);
  });

  it.each<[string, MachineSource, string[]]>([
    ['no initial state', machine([state('a', { go: 'end' }), end], { initial: '' }), ['error no-initial']],
    ['an initial state that is not there', machine([state('a', { go: 'end' }), end], { initial: 'aa' }), ['error no-initial']],
    [
      'an initial state that every object has',
      machine([state('a', {}, { final: true })], { initial: 'constructor' }),
      ['error no-initial'],
    ],
    ['two initial states', machine([state('a', { go: 'end' }), end], {}, { initials: ['a', 'end'] }), ['error two-initials']],
    ['no states', machine([]), ['error empty']],
    ['a target that is not there', machine([state('a', { go: 'edn', skip: 'end' }), end]), ['error missing-target']],
    ['a target that every object has', machine([state('a', { go: 'constructor', skip: 'end' }), end]), ['error missing-target']],
    [
      'a state that cannot be reached',
      machine([state('a', { go: 'end' }), end, state('b', { go: 'end' })]),
      ['error unreachable-state'],
    ],
    [
      'an island',
      machine([state('a', { go: 'end' }), end, state('b', { go: 'c' }), state('c', { go: 'b', x: 'end' })]),
      ['error unreachable-state', 'error unreachable-state'],
    ],
    ['a dead end', machine([state('a', { go: 'end', other: 'b' }), end, state('b')]), ['warning no-way-to-end']],
    [
      'a trap',
      machine([state('a', { go: 'end', x: 'b' }), end, state('b', { go: 'c' }), state('c', { go: 'b' })]),
      ['warning no-way-to-end', 'warning no-way-to-end'],
    ],
    ['no final state', machine([state('a', { go: 'b' }), state('b', { go: 'a' })]), ['warning no-way-to-end']],
    ['a final state with transitions', machine([state('a', { go: 'a' }, { final: true })]), ['error final-with-transitions']],
    [
      'a state that only a final one leads to',
      machine([state('a', { go: 'b' }, { final: true }), state('b', {}, { final: true })]),
      ['error final-with-transitions', 'error unreachable-state'],
    ],
    ['a bad machine name', machine([state('a', {}, { final: true })], { name: 'a b' }), ['error bad-name']],
    ['a long machine name', machine([state('a', {}, { final: true })], { name: 'x'.repeat(129) }), ['error bad-name']],
    ['an empty machine name', machine([state('a', {}, { final: true })], { name: '' }), ['error empty']],
    ['a bad queue', machine([state('a', {}, { final: true })], { queue: 'a:b' }), ['error bad-name']],
    ['a bad state name', machine([state('a/b', {}, { final: true })], { initial: 'a/b' }), ['error bad-name']],
    ['a bad event name', machine([state('a', { 'go on': 'end' }), end]), ['error bad-name']],
    ['a bad action name', machine([state('a', {}, { final: true, doAction: 'a/b' })]), ['error bad-name']],
    [
      'pseudo_init as a state',
      machine([state('pseudo_init', {}, { final: true })], { initial: 'pseudo_init' }),
      ['error reserved-name'],
    ],
    ['pseudo_init as an event', machine([state('a', { pseudo_init: 'end' }), end]), ['error reserved-name']],
    [
      'on exhausted, an event it lacks',
      machine([state('a', { go: 'end' }, { onExhausted: 'toString' }), end]),
      ['error on-exhausted-event'],
    ],
    ['version 0', machine([state('a', {}, { final: true })], { version: 0 }), ['error bad-number']],
    ['version 1.5', machine([state('a', {}, { final: true })], { version: 1.5 }), ['error bad-number']],
    ['too many retries', machine([state('a', {}, { final: true })], { maxRetries: 1001 }), ['error bad-number']],
    ['retries that are no number', machine([state('a', {}, { final: true })], { maxRetries: NaN }), ['error bad-number']],
    ['a negative retention', machine([state('a', {}, { final: true })], { retentionMs: -1 }), ['error bad-number']],
    ['a cap of two days', machine([state('a', {}, { final: true, retry: { capMs: 172_800_000 } })]), ['error bad-number']],
    [
      'a negative base',
      machine([state('a', {}, { final: true, retry: { baseMs: -1, maxRetries: -1 } })]),
      ['error bad-number', 'error bad-number'],
    ],
    ['a base above its cap', machine([state('a', {}, { final: true, retry: { baseMs: 120_000 } })]), ['warning base-above-cap']],
    ['a name that is not its key', machine([], { states: { a: state('b', {}, { final: true }) } }), ['error bad-name']],
    [
      'a wrong type',
      machine([state('a', {}, { final: 'yes' as never })], { maxRetries: '5' as never }),
      ['error wrong-type', 'error wrong-type'],
    ],
  ])('finds %s', (_name, source, expected) => expect(rules(source)).toEqual(expected));

  it('reports everything at once', () => {
    const states = [
      state('a', { go: 'nowhere', no: 'end' }),
      end,
      state('b c', { go: 'end' }),
      state('d', {}, { onExhausted: 'x' }),
    ];
    const found = rules(machine(states, { version: -1 }));
    expect(found.sort()).toEqual(
      [
        'error bad-name',
        'error bad-number',
        'error missing-target',
        'error on-exhausted-event',
        'error unreachable-state',
        'error unreachable-state',
        'warning no-way-to-end',
      ].sort(),
    );
  });

  it('says where, by origin or by file and line', () => {
    const states = [state('a', { go: 'edn', x: 'end' }), end];
    expect(validateDefinition(machine(states))).toEqual([
      {
        severity: 'error',
        rule: 'missing-target',
        message: 'event "go" of state "a" leads to state "edn", which is not there; did you mean "end"?',
        where: 'test, state "a", event "go"',
      },
    ]);
    const located = machine(states, {}, { locate: (part) => ({ file: JSON.stringify(part), line: 7 }) });
    expect(validateDefinition(located)[0]).toMatchObject({
      file: '{"state":"a","event":"go","field":"target"}',
      line: 7,
    });
  });

  it('does not judge what can be reached through parts that could not be read', () => {
    expect(rules(machine([state('a'), end], {}, { incomplete: true }))).toEqual([]);
    expect(rules(machine([state('a'), end], {}, { alsoReached: ['end'] }))).toEqual(['warning no-way-to-end']);
  });
});

const name = fc.constantFrom('a', 'b', 'c', 'end', '__proto__', 'constructor', 'toString', '', 'pseudo_init', 'no name');
const action = fc.option(name, { nil: undefined });
const number = fc.oneof(fc.integer({ min: -1, max: 1200 }), fc.constantFrom(0.5, NaN, Infinity, 1e12));
const retry = fc.record(
  {
    maxRetries: number,
    baseMs: number,
    capMs: number,
    factor: number,
    jitter: fc.constantFrom('full', 'none', 'some'),
    retryable: fc.array(name, { maxLength: 2 }),
  },
  { requiredKeys: [] },
);

function recordOf<T extends object>(key: 'name' | 'event', values: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> {
  return fc.uniqueArray(fc.tuple(name, values), { maxLength: 4, selector: ([item]) => item }).map((entries) => {
    const record = Object.create(null) as Record<string, T>;
    for (const [item, value] of entries) record[item] = { ...value, [key]: item };
    return record;
  });
}

const transition = fc.record({
  event: name,
  target: name,
  action,
  local: fc.boolean(),
  internal: fc.constantFrom(undefined, true),
});
const transitions = recordOf('event', transition);
const policies = fc.dictionary(name, fc.constantFrom('defer', 'ignore', 'reject', 'toString'), { maxKeys: 3 });
const state$ = fc.record({
  name,
  final: fc.boolean(),
  entryAction: action,
  doAction: action,
  exitAction: action,
  transitions,
  retry,
  onExhausted: action,
  after: fc.option(fc.array(fc.record({ afterMs: number, event: name }), { maxLength: 3 }), { nil: undefined }),
  events: fc.option(policies, { nil: undefined }),
  timeoutMs: fc.option(number, { nil: undefined }),
});
const definition$ = fc.record({
  name,
  version: number,
  maxRetries: number,
  queue: name,
  retentionMs: number,
  retry: fc.option(retry, { nil: undefined }),
  deadline: fc.option(fc.record({ afterMs: number, event: action }), { nil: undefined }),
  onCancel: action,
  inboxLimit: fc.option(number, { nil: undefined }),
  initial: name,
  states: recordOf('name', state$),
});

/** Mostly right, so that some are without an error. */
const sound$ = fc
  .record({
    version: fc.integer({ min: 1, max: 9 }),
    edges: fc.array(
      fc.tuple(
        fc.constantFrom('a', 'b', '__proto__'),
        fc.constantFrom('x', 'constructor'),
        fc.constantFrom('a', 'b', '__proto__', 'end'),
      ),
      { maxLength: 6 },
    ),
  })
  .map(({ version, edges }): Definition => {
    const states = Object.create(null) as Record<string, State>;
    for (const item of ['a', 'b', '__proto__']) {
      states[item] = {
        name: item,
        final: false,
        doAction: 'act',
        transitions: Object.create(null) as State['transitions'],
        retry: { baseMs: 1 },
      };
    }
    states['end'] = { name: 'end', final: true, transitions: {} };
    for (const [from, event, target] of edges)
      (states[from]!.transitions as Record<string, object>)[event] = { event, target, local: false };
    return { name: 'm', version, maxRetries: 5, queue: 'q', initial: 'a', states };
  });

const sourceOf = (definition: unknown): MachineSource => ({
  definition: definition as Definition,
  actions: new Map(),
  origin: 'any',
});
const hasError = (definition: unknown): boolean =>
  validateDefinition(sourceOf(definition)).some(({ severity }) => severity === 'error');

describe('validateDefinition, whatever it is given', () => {
  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(definition$, fc.anything()), (definition) => void validateDefinition(sourceOf(definition))),
      { numRuns: 500 },
    );
  });

  it('never throws where one value is replaced by anything', () => {
    const places = fc.constantFrom(
      ['name'],
      ['states'],
      ['states', 'a'],
      ['states', 'a', 'transitions'],
      ['states', 'a', 'retry'],
      ['states', 'a', 'after'],
      ['states', 'a', 'events'],
      ['states', 'a', 'retry', 'retryable'],
      ['deadline'],
      ['retry'],
      ['states', 'a', 'transitions', 'x'],
    );
    fc.assert(
      fc.property(sound$, places, fc.anything({ withBigInt: true, withNullPrototype: true }), (definition, place, value) => {
        let inner = definition as unknown as Record<string, unknown>;
        for (const step of place.slice(0, -1)) inner = inner[step] as Record<string, unknown>;
        inner[place.at(-1)!] = value;
        validateDefinition(sourceOf(definition));
      }),
    );
  });

  it('says the same of a definition that went through JSON', () => {
    fc.assert(
      fc.property(fc.oneof(definition$, sound$), (definition) => {
        fc.pre(!hasError(definition));
        const read: unknown = JSON.parse(JSON.stringify(definition));
        expect(read).toEqual(definition);
        expect(validateDefinition(sourceOf(read))).toEqual(validateDefinition(sourceOf(definition)));
      }),
      { numRuns: 50 },
    );
  });

  it('lets nothing through that cannot be run', () => {
    fc.assert(
      fc.property(fc.oneof(definition$, sound$), (definition) => {
        if (hasError(definition)) return;
        expect(Object.hasOwn(definition.states, definition.initial)).toBe(true);
        for (const { transitions: out } of Object.values((definition as Definition).states)) {
          for (const { target } of Object.values(out)) expect(Object.hasOwn(definition.states, target)).toBe(true);
        }
      }),
    );
  });
});
