import fc from 'fast-check';
import { loadYamlText, type Definition } from '@stile/machine';
import { createActor, createMachine, fromCallback, fromPromise, SimulatedClock, type AnyActorRef } from 'xstate';
import { FormatError } from '../format-error';
import { DEFINITIONS, full, order } from '../repo.fixtures';
import { definitions } from '../random.fixtures';
import type { XStateMachine } from './config';
import { toXState } from './export';
import { fromXState } from './import';

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

function read(yaml: string): Definition {
  const { sources, problems } = loadYamlText(yaml, 'm.yaml');
  expect(problems).toEqual([]);
  return plain(sources[0]!.definition);
}

/** A running actor of an exported machine, as XState reads it from JSON. Actors of `do` send what `answers` says. */
function run(machine: XStateMachine, answers: Record<string, string | Error> = {}) {
  const ran: string[] = [];
  const names = Object.values(machine.states).flatMap(({ entry, exit, on = {}, after = {} }) => [
    ...[entry, exit],
    ...[...Object.values(on), ...Object.values(after)].map(({ actions }) => actions),
  ]);
  const sources = Object.values(machine.states).flatMap(({ invoke }) => (invoke ? [invoke.src] : []));
  const invoked = (answer: string | Error | undefined) =>
    answer instanceof Error
      ? fromPromise(() => Promise.reject(answer))
      : fromCallback(({ sendBack }) => void (answer !== undefined && sendBack({ type: answer })));
  const clock = new SimulatedClock();
  const actor = createActor(
    createMachine(plain(machine) as object).provide({
      actions: Object.fromEntries(names.filter((name) => name !== undefined).map((name) => [name, () => void ran.push(name)])),
      actors: Object.fromEntries(sources.map((source) => [source, invoked(answers[source])])) as never,
    }),
    { clock },
  );
  return { actor: actor.start(), clock, ran };
}

const stateOf = (actor: AnyActorRef): unknown => (actor.getSnapshot() as { value: unknown }).value;

describe('toXState', () => {
  it('writes what XState takes, for every definition there is', () => {
    for (const definition of DEFINITIONS) {
      const { machine } = toXState(definition);
      expect(stateOf(run(machine).actor)).toBe(definition.initial);
    }
  });

  it('takes the same way: do sends the event, entry and exit run', () => {
    const { machine, notes } = toXState(order);
    const answers = { reserve: 'reserved', charge: 'charged', ship: 'shipped', release: 'released' };
    const { actor, ran } = run(machine, answers);
    expect([stateOf(actor), (actor.getSnapshot() as { status: string }).status]).toEqual(['done', 'done']);
    expect(ran).toEqual(['done.entry']);
    expect(notes).toContain('states.charge.doAction: charge is invoked, and has to send its event to its parent');
    expect(notes).toContain('states.charge.retry: XState does not retry');
  });

  it('takes onExhausted where what is invoked fails', async () => {
    const { actor } = run(toXState(order).machine, { reserve: 'reserved', charge: new Error('no money'), release: 'released' });
    await new Promise((resolve) => actor.subscribe({ complete: () => resolve(undefined) }));
    expect(stateOf(actor)).toBe('done');
  });

  it('has the timers, internal transitions, and transitions to the state itself', () => {
    const { actor, clock, ran } = run(toXState(full).machine, { begin: 'go' });
    expect([stateOf(actor), ran.splice(0)]).toEqual(['work', ['audit.enter', 'audit.leave', 'audit.go']]);
    clock.increment(50);
    expect([stateOf(actor), ran.splice(0)]).toEqual(['work', ['work.nudge']]);
    clock.increment(1450); // `again` enters anew: the timers begin anew
    clock.increment(49);
    expect(ran.splice(0)).toEqual([]);
    clock.increment(1);
    expect([stateOf(actor), ran.splice(0)]).toEqual(['work', ['work.nudge']]);
    actor.send({ type: 'done' });
    expect(stateOf(actor)).toBe('end');
  });

  it('leads to states whose names hold dots', () => {
    const names = ['.', 'a.b', '..c', '.d'];
    const states = names.map((name, i) => {
      const target = names[(i + 1) % names.length]!;
      return [name, { name, final: false, transitions: { go: { event: 'go', target, local: false } } }] as const;
    });
    const { actor } = run(toXState({ ...order, initial: '.', states: Object.fromEntries(states) }).machine);
    for (const name of ['a.b', '..c', '.d', '.']) {
      actor.send({ type: 'go' });
      expect(stateOf(actor)).toBe(name);
    }
  });
});

describe('fromXState', () => {
  it('reads back what was exported', () => {
    for (const definition of DEFINITIONS) {
      expect(read(fromXState(plain(toXState(definition).machine)).yaml)).toEqual(plain(definition));
    }
    fc.assert(
      fc.property(definitions, (definition) => {
        expect(read(fromXState(plain(toXState(definition).machine)).yaml)).toEqual(definition);
      }),
      { numRuns: 60 },
    );
  });

  it('reads a machine as others write it', () => {
    const { yaml, notes } = fromXState({
      id: 'fetch',
      initial: 'idle',
      context: { tries: 0 },
      states: {
        idle: { on: { FETCH: 'loading', NOTE: { actions: { type: 'note', params: { loud: true } } }, NOTHING: {} } },
        loading: {
          entry: ['show'],
          exit: { type: 'hide' },
          invoke: { id: 'call', src: 'getData', onDone: { target: '#fetch.ready', actions: 'keep' }, onError: ['#bad'] },
          after: { 5000: 'failed', 1000: { actions: 'stillWaiting' } },
          on: { CANCEL: { target: 'idle' } },
          tags: ['busy'],
        },
        ready: { type: 'final' },
        failed: { id: 'bad', on: { RETRY: 'loading', AGAIN: { target: 'failed', reenter: true } } },
      },
    });
    expect(yaml).toBe(`machines:
  - name: fetch
    version: 1
    states:
      - name: idle
        initial: true
        transitions:
          - event: FETCH
            target: loading
          - event: NOTE
            action: note
      - name: loading
        entry_action: show
        do_action: getData
        exit_action: hide
        on_exhausted: error
        after:
          1s: after.1s
          5s: after.5s
        transitions:
          - event: CANCEL
            target: idle
          - event: after.1s
            action: stillWaiting
          - event: after.5s
            target: failed
          - event: done
            target: ready
            action: keep
          - event: error
            target: failed
      - name: ready
        final: true
      - name: failed
        transitions:
          - event: RETRY
            target: loading
          - event: AGAIN
            target: failed
`);
    expect(notes).toEqual([
      'context: has no counterpart in Stile, and is left out',
      'states.idle.on.NOTE.actions.params: has no counterpart in Stile, and is left out',
      'states.idle.on.NOTHING: leads nowhere and runs nothing, and is left out',
      'states.loading.tags: has no counterpart in Stile, and is left out',
      'states.loading.invoke.onDone: action getData has to return done',
    ]);
  });

  const state = (fields: object) => ({
    id: 'm',
    initial: 'a',
    states: { a: { on: { go: 'b' }, ...fields }, b: { type: 'final' } },
  });

  it.each<[string, unknown, string[]]>([
    ['no machine', 5, ['']],
    ['a text', '{}', ['']],
    ['no states', { id: 'm', initial: 'a' }, ['states']],
    ['parallel states', { type: 'parallel', states: { a: {} } }, ['type']],
    ['no initial state', { states: { a: { type: 'final' } } }, ['initial']],
    ['transitions of all states', { ...state({}), on: { x: '.a' } }, ['on']],
    ['nested states', state({ initial: 'x', states: { x: {} } }), ['states.a.initial', 'states.a.states']],
    ['a parallel state', state({ type: 'parallel' }), ['states.a.type']],
    ['a history state', state({ type: 'history', history: 'deep' }), ['states.a.history', 'states.a.type']],
    ['a guard', state({ on: { go: { target: 'b', guard: 'isPaid' } } }), ['states.a.on.go.guard']],
    ['a condition of XState 4', state({ on: { go: { target: 'b', cond: 'isPaid' } } }), ['states.a.on.go.cond']],
    ['guarded alternatives', state({ on: { go: [{ target: 'b', guard: 'x' }, 'a'] } }), ['states.a.on.go']],
    ['assign', state({ entry: { type: 'xstate.assign', assignment: {} } }), ['states.a.entry']],
    ['an inline action', state({ exit: () => undefined }), ['states.a.exit']],
    ['several actions', state({ entry: ['x', 'y'] }), ['states.a.entry']],
    ['always', state({ always: { target: 'b' } }), ['states.a.always']],
    ['a wildcard', state({ on: { '*': 'b' } }), ['states.a.on.*']],
    ['a delay by name', state({ after: { SOON: 'b' } }), ['states.a.after.SOON']],
    ['several actors', state({ invoke: [{ src: 'x' }, { src: 'y' }] }), ['states.a.invoke']],
    ['an actor without a name', state({ invoke: { onDone: 'b' } }), ['states.a.invoke.src']],
    ['snapshots', state({ invoke: { src: 'x', onSnapshot: 'b' } }), ['states.a.invoke.onSnapshot']],
    ['a target inside another', state({ on: { go: 'b.c' } }), ['states.a.on.go.target']],
    ['a child as the target', state({ on: { go: '.c' } }), ['states.a.on.go.target']],
    ['an unknown id', state({ on: { go: '#c' } }), ['states.a.on.go.target']],
    ['several targets', state({ on: { go: { target: ['a', 'b'] } } }), ['states.a.on.go.target']],
    ['a state that is none', { id: 'm', initial: 'a', states: { a: 5 } }, ['states.a']],
    ['kept fields of another type', state({ meta: { stile: { retry: 'often' } } }), ['states.a.meta.stile.retry']],
    ['what Stile refuses: names', { ...state({}), id: 'my machine' }, ['']],
    ['what Stile refuses: targets', state({ on: { go: 'c' } }), ['', '']],
    ['what Stile refuses: kept numbers', state({ meta: { stile: { timeoutMs: -1 } } }), ['']],
  ])('refuses %s, by its path', (_name, json, paths) => {
    let error: unknown;
    try {
      fromXState(json);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(FormatError);
    expect((error as FormatError).problems.map(({ path }) => path)).toEqual(paths);
  });

  it('tells all problems at once, each with the way out', () => {
    const json = state({ always: 'b', entry: ['x', 'y'], on: { go: { target: 'b', guard: 'g' } } });
    expect(() => fromXState(json)).toThrow(
      'this XState machine cannot be expressed: 3 problems\n' +
        '  states.a.always: is taken without an event; let the action before decide where to go\n' +
        '  states.a.on.go.guard: is a condition; let an action decide, and give each outcome an event of its own\n' +
        '  states.a.entry: has 2 items where Stile has one; write one action that does them all',
    );
  });
});
