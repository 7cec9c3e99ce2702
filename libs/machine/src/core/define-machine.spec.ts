import { defineMachine } from './define-machine';
import { DefinitionError } from './errors';
import type { ActionHandler, Step } from './step';

interface Order {
  items: string[];
  paid?: boolean;
}

function problemsOf(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof DefinitionError) return error.problems.map(({ rule }) => rule);
    throw error;
  }
  return [];
}

describe('defineMachine', () => {
  it('makes a definition, and names the functions in it', () => {
    const source = defineMachine({
      name: 'order',
      version: 2,
      maxRetries: 3,
      queue: 'orders',
      retention: '7d',
      initial: 'reserve',
      states: {
        reserve: {
          do: async (context: Order, step) => {
            step.delay(context.items.length);
            return 'reserved';
          },
          entry: (context, step) => step.log.info(String(context['id'])),
          exit: 'audit.left',
          on: {
            reserved: 'charge',
            failed: { target: 'done', action: (context) => void (context['failed'] = true), local: true },
          },
          retry: { maxRetries: 1, baseMs: 10, capMs: 20 },
          onExhausted: 'failed',
        },
        charge: { do: 'bank.charge', on: { charged: 'done' } },
        done: { final: true },
      },
    });
    expect(source.origin).toBe("defineMachine('order')");
    expect([...source.actions.keys()]).toEqual(['reserve.entry', 'reserve', 'reserve.on.failed']);
    expect(source.definition).toEqual({
      name: 'order',
      version: 2,
      maxRetries: 3,
      queue: 'orders',
      retentionMs: 604_800_000,
      initial: 'reserve',
      states: {
        reserve: {
          name: 'reserve',
          final: false,
          entryAction: 'reserve.entry',
          doAction: 'reserve',
          exitAction: 'audit.left',
          onExhausted: 'failed',
          retry: { maxRetries: 1, baseMs: 10, capMs: 20 },
          transitions: {
            reserved: { event: 'reserved', target: 'charge', local: false },
            failed: { event: 'failed', target: 'done', action: 'reserve.on.failed', local: true },
          },
        },
        charge: {
          name: 'charge',
          final: false,
          doAction: 'bank.charge',
          transitions: { charged: { event: 'charged', target: 'done', local: false } },
        },
        done: { name: 'done', final: true, transitions: {} },
      },
    });
  });

  it('makes what waits, retries and ends late, in the words of a definition', () => {
    const { definition, actions } = defineMachine({
      name: 'bill',
      retry: { baseMs: 5, factor: 1.5, jitter: 'none', retryable: ['E'] },
      deadline: '1h',
      onCancel: 'undo',
      inboxLimit: 7,
      initial: 'open',
      states: {
        open: {
          on: { late: 'undo', remind: { action: () => undefined }, again: { target: 'open' } },
          after: { '24h': 'late', '90s': 'remind', '500ms': 'again' },
          events: { undone: 'reject' },
          timeout: '10s',
        },
        undo: { on: { undone: 'end' }, timeout: 5, after: {} },
        end: { final: true },
      },
    });
    expect({ ...definition, states: undefined }).toEqual({
      name: 'bill',
      version: 1,
      maxRetries: 5,
      retry: { baseMs: 5, factor: 1.5, jitter: 'none', retryable: ['E'] },
      queue: 'machines',
      deadline: { afterMs: 3_600_000 },
      onCancel: 'undo',
      inboxLimit: 7,
      initial: 'open',
    });
    const { open, undo } = definition.states;
    expect(open?.transitions).toEqual({
      late: { event: 'late', target: 'undo', local: false },
      remind: { event: 'remind', target: 'open', action: 'open.on.remind', local: false, internal: true },
      again: { event: 'again', target: 'open', local: false },
    });
    expect(actions.has('open.on.remind')).toBe(true);
    expect(open?.after).toEqual([
      { afterMs: 500, event: 'again' },
      { afterMs: 90_000, event: 'remind' },
      { afterMs: 86_400_000, event: 'late' },
    ]);
    expect(open?.events).toEqual({ undone: 'reject' });
    expect([open?.timeoutMs, undo?.timeoutMs]).toEqual([10_000, 5]);
    expect(Object.keys(undo!)).toEqual(['name', 'final', 'transitions', 'timeoutMs']);
    expect(JSON.parse(JSON.stringify(definition))).toEqual(definition);
  });

  it.each([
    [{ deadline: { after: 1000, event: 'go' } }, { afterMs: 1000, event: 'go' }],
    [{ deadline: { after: '1m' } }, { afterMs: 60_000 }],
    [{ deadline: 5000 }, { afterMs: 5000 }],
  ] as const)('takes %j', (more, deadline) => {
    const states = { a: { on: { go: 'b' } }, b: { final: true } } as const;
    expect(defineMachine({ name: 'm', initial: 'a', states, ...more }).definition.deadline).toEqual(deadline);
  });

  it('has defaults', () => {
    const { definition } = defineMachine({ name: 'one', initial: 'a', states: { a: { final: true } } });
    expect(definition).toMatchObject({ version: 1, maxRetries: 5, queue: 'machines' });
    expect(definition.retentionMs).toBeUndefined();
  });

  it('takes names that every object has', () => {
    const { definition } = defineMachine({
      name: 'constructor',
      initial: 'toString',
      states: { toString: { on: { valueOf: '__proto__' } }, ['__proto__']: { final: true } },
    });
    expect(Object.keys(definition.states)).toEqual(['toString', '__proto__']);
    expect(JSON.parse(JSON.stringify(definition))).toEqual(definition);
  });

  it('lets warnings pass', () => {
    expect(defineMachine({ name: 'loop', initial: 'a', states: { a: { on: { again: 'a' } } } }).definition.initial).toBe('a');
  });

  it('throws all errors at once', () => {
    const spec = {
      name: 'bad name',
      initial: 'a',
      states: { a: { on: { go: 'b' }, onExhausted: 'stop', typo: 1 }, c: { final: true } },
    };
    expect(problemsOf(() => defineMachine(spec as never)).sort()).toEqual(
      ['bad-name', 'missing-target', 'on-exhausted-event', 'unknown-key', 'unreachable-state'].sort(),
    );
  });

  it.each<[string, object, object, string[]]>([
    ['a deadline that is no time', { deadline: 'soon' }, {}, ['bad-number']],
    ['a deadline without a time', { deadline: { event: 'go' } }, {}, ['empty']],
    ['a deadline event that no state has', { deadline: { after: 1000, event: 'late' } }, {}, ['deadline-event']],
    ['an unknown field of the deadline', { deadline: { after: 1000, evnt: 'go' } }, {}, ['unknown-key']],
    ['an unknown field of retry', { retry: { base: 1 } }, {}, ['unknown-key']],
    ['a clean-up state that is not there', { onCancel: 'c' }, {}, ['missing-target']],
    ['a timer without a unit', {}, { after: { 5000: 'go' } }, ['bad-number']],
    ['one time written twice', {}, { after: { '60s': 'go', '1m': 'go' } }, ['duplicate-timer']],
    ['timers that are no object', {}, { after: '30s' }, ['wrong-type']],
    ['a timer for another state’s event', {}, { after: { '1s': 'stop' } }, ['timer-event']],
    ['a timeout that is no time', {}, { timeout: 'soon' }, ['bad-number']],
    ['an unknown policy', {}, { events: { stop: 'drop' } }, ['bad-policy']],
    ['a policy beside a transition', {}, { events: { go: 'ignore' } }, ['policy-with-transition']],
    ['neither target nor action', {}, { on: { go: 'b', x: {} } }, ['empty']],
    ['a local transition to nowhere', {}, { on: { go: 'b', x: { action: 'act', local: true } } }, ['internal-local']],
    ['a target of null', {}, { on: { go: 'b', x: { target: null } } }, ['wrong-type']],
  ])('refuses %s', (_name, machine, state, expected) => {
    const states = { a: { on: { go: 'b' }, ...state }, b: { on: { stop: 'end' } }, end: { final: true } };
    expect(problemsOf(() => defineMachine({ name: 'm', initial: 'a', states, ...machine } as never))).toEqual(expected);
  });

  it('refuses two functions under one name, and a registered name that a function here has', () => {
    const run = (): void => undefined;
    const states = {
      a: { entry: run, on: { go: 'a.entry' } },
      'a.entry': { do: run, on: { go: 'b' } },
      b: { do: 'a.entry', final: true },
    };
    expect(problemsOf(() => defineMachine({ name: 'm', initial: 'a', states } as never))).toEqual([
      'duplicate-action',
      'duplicate-action',
    ]);
  });

  it.each([null, 3, [], {}, { states: [] }, { states: { a: null } }, { states: { a: { on: { x: 3 }, do: {}, retry: 'no' } } }])(
    'says what is wrong with %j from plain JavaScript',
    (spec) => expect(problemsOf(() => defineMachine(spec as never))).toContain('wrong-type'),
  );
});

/** Compiled, never run: each line marked is an error that the compiler must find. */
export function compileErrors(): void {
  const some: ActionHandler = () => 'whatever';
  const typed = (context: Order, step: Step): 'ok' | undefined => (step.retries > 0 && context.paid ? 'ok' : undefined);

  defineMachine({
    name: 'm',
    initial: 'a',
    states: { a: { do: some, on: { ok: 'b' } }, b: { do: typed, on: { ok: 'c' } }, c: { final: true } },
  });
  defineMachine({
    name: 'm',
    initial: 'a',
    states: { a: { do: async (c, s) => (s.retries > 0 ? 'ok' : 'no'), on: { ok: 'a', no: 'a' } } },
  });
  defineMachine({
    name: 'm',
    initial: 'a',
    states: {
      a: {
        do: (context: Order) => {
          if (context.paid) return 'ok';
          return;
        },
        on: { ok: 'a' },
      },
    },
  });

  // @ts-expect-error -- "b" is no state
  defineMachine({ name: 'm', initial: 'b', states: { a: { final: true } } });
  // @ts-expect-error -- "b" is no state
  defineMachine({ name: 'm', initial: 'a', states: { a: { on: { ok: 'b' } } } });
  // @ts-expect-error -- "b" is no state
  defineMachine({ name: 'm', initial: 'a', states: { a: { on: { ok: { target: 'b' } } } } });
  // @ts-expect-error -- "stop" is no event of a
  defineMachine({ name: 'm', initial: 'a', states: { a: { on: { ok: 'a' }, onExhausted: 'stop' } } });
  // @ts-expect-error -- a has no events
  defineMachine({ name: 'm', initial: 'a', states: { a: { onExhausted: 'stop' } } });
  // @ts-expect-error -- "no" is no event of a
  defineMachine({ name: 'm', initial: 'a', states: { a: { do: () => 'no', on: { ok: 'a' } } } });
  // @ts-expect-error -- "no" is no event of a
  defineMachine({ name: 'm', initial: 'a', states: { a: { do: async () => 'no', on: { ok: 'a' } } } });
  defineMachine({
    name: 'm',
    initial: 'a',
    states: {
      a: {
        // @ts-expect-error -- "no" is no event of a
        do: async (context: Order, step) => {
          step.delay(1);
          return context.paid ? 'ok' : 'no';
        },
        on: { ok: 'a' },
      },
    },
  });
  // @ts-expect-error -- a number is no event
  defineMachine({ name: 'm', initial: 'a', states: { a: { do: () => 3, on: { ok: 'a' } } } });
  // @ts-expect-error -- "b" is no event of a, though it is a state
  defineMachine({ name: 'm', initial: 'a', states: { a: { do: () => 'b', on: { go: 'b' } }, b: {} } });
  // @ts-expect-error -- no such field of a state
  defineMachine({ name: 'm', initial: 'a', states: { a: { entri: 'x', final: true } } });
  // @ts-expect-error -- no such field of a transition
  defineMachine({ name: 'm', initial: 'a', states: { a: { on: { ok: { target: 'a', loca: true } } } } });
  // @ts-expect-error -- no such field of a machine
  defineMachine({ name: 'm', initial: 'a', verison: 2, states: { a: { final: true } } });

  defineMachine({
    name: 'm',
    initial: 'a',
    onCancel: 'b',
    deadline: { after: '1h', event: 'no' },
    states: {
      a: {
        do: async (c, s) => (s.retries > 0 ? 'ok' : 'note'),
        on: { ok: 'b', note: { action: (context: Order, step) => step.log.info(`${context.paid}`) } },
        after: { '1s': 'ok', '2s': 'note' },
        events: { no: 'ignore' },
      },
      b: { on: { no: 'b' } },
    },
  });
  // @ts-expect-error -- "b" is no state
  defineMachine({ name: 'm', initial: 'a', onCancel: 'b', states: { a: { final: true } } });
  defineMachine({
    name: 'm',
    initial: 'a',
    states: {
      // @ts-expect-error -- "late" is no event of a
      a: { on: { ok: 'b' }, after: { '1s': 'late' } },
      b: { on: { late: 'a' } },
    },
  });
  // @ts-expect-error -- a has no events
  defineMachine({ name: 'm', initial: 'a', states: { a: { after: { '1s': 'late' } } } });
  // @ts-expect-error -- a has a transition for "ok"
  defineMachine({ name: 'm', initial: 'a', states: { a: { on: { ok: 'a' }, events: { ok: 'ignore' } } } });
  // @ts-expect-error -- no such policy
  defineMachine({ name: 'm', initial: 'a', states: { a: { on: { ok: 'b' } }, b: { on: { no: 'a' }, events: { ok: 'drop' } } } });
  // @ts-expect-error -- without a target there must be an action
  defineMachine({ name: 'm', initial: 'a', states: { a: { on: { ok: {} } } } });
  // @ts-expect-error -- nothing to chain
  defineMachine({ name: 'm', initial: 'a', states: { a: { on: { ok: { action: 'x', local: true } } } } });
  // @ts-expect-error -- no such jitter
  defineMachine({ name: 'm', initial: 'a', retry: { jitter: 'some' }, states: { a: { on: { ok: 'a' } } } });
}
