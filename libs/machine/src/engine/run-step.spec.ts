import type { BoundDefinition } from '../core/bound-definition';
import { bindAll } from '../core/bind';
import { defineMachine } from '../core/define-machine';
import { systemClock } from '@stile/lease';
import type { Claim, StepStore } from '../core/ports';
import type { ActionHandler, Context, Step } from '../core/step';
import { LOCAL_CHAIN_LIMIT, runStep, type StepOutcome } from './run-step';
import { StepEffects } from './step-effects';
import { StepNotes } from './step-notes';
import type { StepScope } from './step-view';

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

function claimAt(state: string, event: string): Claim {
  const place = { correlationId: 'c1', steps: 4, retries: 1, machine: 'm', version: 2, queue: 'q' };
  const run = { runId: 'r1', state, event, context: '{}', claims: 1 };
  return {
    ...place,
    ...run,
    job: { ...place, drive: 0, rev: 0 },
    more: false,
    nonce: 'n',
    fence: 9,
    sentAt: 0,
    now: 0,
    maxRetries: 3,
  };
}

function bind(
  source: ReturnType<typeof defineMachine>,
  registry: ReadonlyMap<string, ActionHandler> = new Map(),
): BoundDefinition {
  const { bound, problems } = bindAll([source], registry);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return bound[0]!;
}

interface Run {
  readonly signal?: AbortSignal;
  readonly draft?: Context;
}

function run(
  bound: BoundDefinition,
  [state, event]: [string, string],
  { signal = new AbortController().signal, draft = {} }: Run = {},
) {
  const claim = claimAt(state, event);
  const scope: StepScope = {
    ...{ claim, signal: () => signal, log: () => log, delayMs: 0, runs: new Map() },
    effects: new StepEffects(claim),
    notes: new StepNotes({} as StepStore, claim, async () => 'secret'), // these actions keep nothing
    results: async () => [],
  };
  return runStep(bound, scope, draft, systemClock);
}

function errorOf(outcome: StepOutcome): unknown {
  if (outcome.kind !== 'threw') throw new Error(`nothing was thrown: ${JSON.stringify(outcome)}`);
  return outcome.error;
}

/** Notes its name in the context; `do` actions return what comes after the colon. */
const note: ActionHandler = (context, step) => {
  const action = step.idempotencyKey.split('/').at(-1)!;
  ((context['seen'] ??= []) as string[]).push(`${action} ${step.from}-${step.event.name}->${step.to}`);
};

const noteAnd =
  (event: string): ActionHandler =>
  async (context, step) => {
    await note(context, step);
    return event;
  };

const full = bind(
  defineMachine({
    name: 'm',
    initial: 'a',
    states: {
      a: { entry: note, do: noteAnd('go'), exit: note, on: { go: { target: 'b', action: note } } },
      b: {
        entry: note,
        do: noteAnd('next'),
        exit: note,
        on: { next: { target: 'c', action: note, local: true }, end: { target: 'end', action: note } },
      },
      c: {
        entry: note,
        do: noteAnd('end'),
        exit: note,
        on: { end: { target: 'end', action: note }, stay: { target: 'c', local: true } },
      },
      end: { entry: note, do: note, exit: note, final: true },
    },
  }),
);

describe('the order of actions', () => {
  it('begins with the initial state, with no exit and no transition', async () => {
    expect(await run(full, ['pseudo_init', 'pseudo_init'])).toEqual({
      kind: 'done',
      state: full.definition.states['a'],
      event: 'go',
      ledBy: 'pseudo_init',
      context: '{"seen":["a.entry pseudo_init-pseudo_init->a","a pseudo_init-pseudo_init->a"]}',
      stayed: false,
      delayMs: 0,
    });
  });

  it('is exit, transition, entry, do; then again for a local transition', async () => {
    const outcome = await run(full, ['a', 'go']);
    expect(outcome).toMatchObject({ kind: 'done', state: { name: 'c' }, event: 'end', ledBy: 'next' });
    expect((JSON.parse((outcome as { context: string }).context) as Context)['seen']).toEqual([
      'a.exit a-go->b',
      'a.on.go a-go->b',
      'b.entry a-go->b',
      'b a-go->b',
      'b.exit b-next->c',
      'b.on.next b-next->c',
      'c.entry b-next->c',
      'c b-next->c',
    ]);
  });

  it("ends with a final state's exit", async () => {
    const outcome = await run(full, ['c', 'end']);
    expect(outcome).toMatchObject({ kind: 'done', state: { name: 'end' }, ledBy: 'end' });
    expect(outcome).not.toHaveProperty('event');
    expect((JSON.parse((outcome as { context: string }).context) as Context)['seen']).toEqual([
      'c.exit c-end->end',
      'c.on.end c-end->end',
      'end.entry c-end->end',
      'end c-end->end',
      'end.exit c-end->end',
    ]);
  });

  it('goes through exit and entry of a state that leads to itself', async () => {
    const outcome = await run(full, ['c', 'stay']);
    expect((JSON.parse((outcome as { context: string }).context) as Context)['seen']).toEqual([
      'c.exit c-stay->c',
      'c.entry c-stay->c',
      'c c-stay->c',
    ]);
  });
});

/** One state whose do action is given. */
function single(act: ActionHandler, local = false): BoundDefinition {
  return bind(
    defineMachine({
      name: 'm',
      initial: 'a',
      states: {
        a: { do: act, on: { again: { target: 'a', local }, out: { target: 'b' } } },
        b: { final: true },
      },
    }),
  );
}
const enter: [string, string] = ['pseudo_init', 'pseudo_init'];

describe('what a do action returns', () => {
  it.each([undefined, null, ''])('%j makes the machine wait', async (nothing) => {
    const outcome = await run(
      single(() => nothing),
      enter,
    );
    expect(outcome).toMatchObject({ kind: 'done', ledBy: 'pseudo_init', delayMs: 0 });
    expect(outcome).not.toHaveProperty('event');
  });

  it.each([
    ['nope', '"nope"'],
    ['constructor', '"constructor"'],
    [42, 'number, not a string'],
    [Object.create(null), 'object, not a string'],
  ])('%j is no event of the state: the legal ones are named', async (returned, named) => {
    const outcome = await run(
      single(() => returned as string),
      enter,
    );
    expect(outcome).toMatchObject({
      kind: 'threw',
      at: { name: 'a' },
      error: { code: 'UNKNOWN_EVENT', legal: ['again', 'out'] },
    });
    expect(String(errorOf(outcome))).toContain(named);
  });

  it('does not count where the state is final', async () => {
    const bound = bind(defineMachine({ name: 'm', initial: 'a', states: { a: { do: (): string => 'nope', final: true } } }));
    const outcome = await run(bound, enter);
    expect(outcome).toMatchObject({ kind: 'done', state: { name: 'a' } });
    expect(outcome).not.toHaveProperty('event');
  });

  it('is delayed as the action says', async () => {
    const outcome = await run(
      single((_, step) => (step.delay(1500.4), 'out')),
      enter,
    );
    expect(outcome).toMatchObject({ event: 'out', delayMs: 1500 });
  });

  it('is committed, even where it is local, when it is delayed', async () => {
    expect(
      await run(
        single((_, step) => (step.delay(10), 'again'), true),
        enter,
      ),
    ).toMatchObject({ event: 'again', ledBy: 'pseudo_init', delayMs: 10 });
  });

  it.each([-1, NaN, Infinity, 1e15])('a delay of %d ms is refused', async (ms) => {
    expect(
      errorOf(
        await run(
          single((_, step) => step.delay(ms)),
          enter,
        ),
      ),
    ).toBeInstanceOf(RangeError);
  });
});

describe('local chains', () => {
  const upTo =
    (times: number): ActionHandler =>
    (context) =>
      (context['n'] = ((context['n'] as number | undefined) ?? 0) + 1) > times ? 'out' : 'again';

  it('may be 100 transitions long', async () => {
    const outcome = await run(single(upTo(LOCAL_CHAIN_LIMIT), true), enter);
    expect(outcome).toMatchObject({ kind: 'done', event: 'out', context: '{"n":101}' });
  });

  it('may not be longer', async () => {
    const outcome = await run(single(upTo(LOCAL_CHAIN_LIMIT + 1), true), enter);
    expect(errorOf(outcome)).toMatchObject({ code: 'LOCAL_CHAIN_TOO_LONG' });
  });
});

describe('what fails a step', () => {
  it('is what an action throws; the state being entered is named', async () => {
    const thrown = new Error('no');
    const outcome = await run(
      single(() => Promise.reject(thrown)),
      ['a', 'again'],
    );
    expect(outcome).toEqual({
      kind: 'threw',
      error: thrown,
      at: expect.objectContaining({ name: 'a' }) as unknown,
    });
  });

  it.each<[string, string]>([
    ['a', 'nope'],
    ['nowhere', 'again'],
    ['__proto__', 'again'],
  ])('is a record at %s with event %s, which leads nowhere', async (state, event) => {
    expect(
      await run(
        single(() => 'out'),
        [state, event],
      ),
    ).toMatchObject({ kind: 'threw', at: undefined, error: { code: 'UNKNOWN_EVENT', state, event } });
  });

  it('is a context that is not JSON', async () => {
    const outcome = await run(
      single((context) => void (context['at'] = [new Date(0)])),
      enter,
    );
    expect(outcome).toMatchObject({
      kind: 'threw',
      at: { name: 'a' },
      error: { code: 'CONTEXT_NOT_JSON', path: '$.at[0]' },
    });
  });

  it('is an aborted signal: nothing more is begun', async () => {
    const abort = new AbortController();
    let entered = 0;
    const states = {
      a: { entry: () => abort.abort(new Error('lease lost')), do: () => void entered++, final: true },
    };
    const outcome = await run(bind(defineMachine({ name: 'm', initial: 'a', states })), enter, {
      signal: abort.signal,
    });
    expect(errorOf(outcome)).toMatchObject({ message: 'lease lost' });
    expect(entered).toBe(0);
  });

  it('is an action that is not bound', async () => {
    const { definition } = full;
    expect(String(errorOf(await run({ definition, actions: new Map() }, enter)))).toContain('"a.entry" is not bound');
  });
});

describe('what an action is told', () => {
  it('names the step, and gives it keys', async () => {
    let seen: Step | undefined;
    const registry = new Map<string, ActionHandler>([['count.up', (_, step) => void (seen = step)]]);
    const states = {
      a: { on: { go: { target: 'b' } } },
      b: { do: 'count.up', retry: { maxRetries: 7 }, on: { end: 'c' } },
      c: { final: true },
    } as const;
    await run(bind(defineMachine({ name: 'm', initial: 'a', states }), registry), ['a', 'go']);
    const { correlationId, machine, version, runId, steps, retries, maxRetries, fence, event, from, to } = seen!;
    expect({
      correlationId,
      machine,
      version,
      runId,
      steps,
      retries,
      maxRetries,
      fence,
      event,
      from,
      to,
    }).toEqual({
      correlationId: 'c1',
      machine: 'm',
      version: 2,
      runId: 'r1',
      steps: 4,
      retries: 1,
      maxRetries: 7,
      fence: 9,
      event: { name: 'go' },
      from: 'a',
      to: 'b',
    });
    expect(seen!.idempotencyKey).toBe('c1/r1/4/b/count.up');
    expect(seen!.fencedKey).toBe('c1/r1/4/b/count.up/9');
  });

  it('tells the runs apart when local transitions bring the same action round again', async () => {
    const keys: string[] = [];
    const count: ActionHandler = (_context, step) => {
      keys.push(step.idempotencyKey);
      return keys.length < 3 ? 'again' : 'out';
    };
    const machine = defineMachine({
      name: 'm',
      initial: 'a',
      states: { a: { do: 'count', on: { again: { target: 'a', local: true }, out: 'end' } }, end: { final: true } },
    });
    await run(bind(machine, new Map([['count', count]])), enter);
    expect(keys).toEqual(['c1/r1/4/a/count', 'c1/r1/4/a/count/1', 'c1/r1/4/a/count/2']);
  });

  it("has the machine's limit of retries where the state has none", async () => {
    expect(
      await run(
        single((context, step) => void (context['max'] = step.maxRetries)),
        enter,
      ),
    ).toMatchObject({ context: '{"max":3}' });
  });

  it('has the draft that the actions before it left', async () => {
    const states = {
      a: {
        entry: (context: Context) => void context['list'].push(1),
        do: (context: Context) => void context['list'].push(2),
        final: true,
      },
    };
    const outcome = await run(bind(defineMachine({ name: 'm', initial: 'a', states })), enter, {
      draft: { list: [0] },
    });
    expect(outcome).toMatchObject({ context: '{"list":[0,1,2]}' });
  });
});
