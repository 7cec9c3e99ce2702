import { RetryAfterError, UnrecoverableError } from '../../libs/machine/src/core/errors';
import type { Step } from '../../libs/machine/src/core/step';
import { gate, sketch, World } from './support/world';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.close());

const quick = { baseMs: 5, capMs: 20 };

describe('a machine', () => {
  it('runs exit, transition, entry and do in order, one commit per step, to its end', async () => {
    const seen: string[] = [];
    const note = (name: string) => (_context: object, step: Step) => {
      seen.push(`${name} ${step.steps} ${step.from}--${step.event.name}-->${step.to} #${step.fence}`);
    };
    const order = sketch('order', {
      reserve: {
        entry: note('enter reserve'),
        do: (context, step) => {
          note('do reserve')(context, step);
          context.reserved = true;
          return 'reserved';
        },
        exit: note('exit reserve'),
        on: { reserved: { target: 'shipped', run: note('on reserved') } },
      },
      shipped: { final: true, entry: note('enter shipped'), do: note('do shipped'), exit: note('exit shipped') },
    });
    await world.worker([order], { worker: { name: 'w1' } });
    const view = await world.run('order', { item: 'tea' });
    expect(view).toMatchObject({
      status: 'completed',
      state: 'shipped',
      event: 'reserved',
      steps: 2,
      retries: 0,
      fence: 2,
      context: { item: 'tea', reserved: true },
      error: null,
    });
    expect(view.finishedAt).not.toBeNull();
    const first = 'pseudo_init--pseudo_init-->reserve #1';
    const second = 'reserve--reserved-->shipped #2';
    expect(seen).toEqual([
      `enter reserve 0 ${first}`,
      `do reserve 0 ${first}`,
      `exit reserve 1 ${second}`,
      `on reserved 1 ${second}`,
      `enter shipped 1 ${second}`,
      `do shipped 1 ${second}`,
      `exit shipped 1 ${second}`,
    ]);
    expect(await world.machines.history(view.correlationId)).toEqual([
      expect.objectContaining({
        steps: 0,
        retries: 0,
        fence: 1,
        from: 'pseudo_init',
        to: 'reserve',
        outcome: 'committed',
        worker: 'w1',
      }),
      expect.objectContaining({ steps: 1, retries: 0, fence: 2, from: 'reserve', event: 'reserved', to: 'shipped', error: null }),
    ]);
    await world.expectCounts({ started: 1, committed: 2, completed: 1 });
  });

  it('gives each attempt its keys: one for the step, one for the attempt', async () => {
    const keys: [string, string][] = [];
    const machine = sketch('keys', {
      a: {
        retry: quick,
        do: (_context, step) => {
          keys.push([step.idempotencyKey, step.fencedKey]);
          if (keys.length < 3) throw new Error('again');
          return 'go';
        },
        on: { go: 'b' },
      },
      b: { final: true, do: (_context, step) => void keys.push([step.idempotencyKey, step.fencedKey]) },
    });
    await world.worker([machine]);
    await world.run('keys');
    expect(keys).toHaveLength(4);
    expect(new Set(keys.slice(0, 3).map(([key]) => key)).size).toBe(1);
    expect(keys[3]?.[0]).not.toBe(keys[0]?.[0]);
    expect(new Set(keys.map(([, fenced]) => fenced)).size).toBe(4);
    for (const [key, fenced] of keys) expect(fenced.startsWith(`${key}/`)).toBe(true);
  });

  it('waits when do returns nothing', async () => {
    await world.worker([sketch('asks', { open: { on: { answer: 'done' } }, done: { final: true } })]);
    const view = await world.run('asks', {}, 'waiting');
    expect(view).toMatchObject({ state: 'open', event: 'pseudo_init', steps: 1, finishedAt: null });
  });

  it('chains local transitions inside one step', async () => {
    const counter = sketch('counter', {
      count: {
        do: (context) => {
          context.n = ((context.n as number | undefined) ?? 0) + 1;
          return context.n < 50 ? 'more' : 'enough';
        },
        on: { more: { target: 'count', local: true }, enough: 'end' },
      },
      end: { final: true },
      spin: { do: () => 'more', on: { more: { target: 'spin', local: true } } },
    });
    await world.worker([counter]);
    expect(await world.run('counter')).toMatchObject({ context: { n: 50 }, steps: 2 });
    const id = await world.start({ machine: 'counter', state: 'spin', event: 'more' });
    expect(await world.until(id, 'failed')).toMatchObject({ error: { code: 'LOCAL_CHAIN_TOO_LONG' }, steps: 0, retries: 0 });
  });

  it('delays the next event by server time', async () => {
    const late = sketch('late', {
      a: {
        do: (_context, step) => {
          step.delay(400);
          return 'go';
        },
        on: { go: 'b' },
      },
      b: { final: true },
    });
    await world.worker([late]);
    const id = await world.start({ machine: 'late' });
    expect(await world.until(id, 'delayed')).toMatchObject({ state: 'a', event: 'go', steps: 1 });
    const done = await world.until(id, 'completed');
    const [first, second] = (await world.machines.history(id)) ?? [];
    const waited = Date.parse(second?.startedAt ?? '') - Date.parse(first?.startedAt ?? '');
    expect(waited).toBeGreaterThanOrEqual(400);
    expect(waited).toBeLessThan(2000);
    expect(done.steps).toBe(2);
  });

  it('starts later when told to', async () => {
    await world.worker([sketch('later', { a: { final: true } })]);
    const id = await world.start({ machine: 'later', delayMs: 300 });
    expect((await world.get(id)).status).toBe('delayed');
    const view = await world.until(id, 'completed');
    expect(Date.parse(view.finishedAt ?? '') - Date.parse(view.createdAt)).toBeGreaterThanOrEqual(300);
  });

  it('goes through the queue when its budget of sticky steps is used up', async () => {
    const loop = sketch('loop', {
      a: {
        do: (context) => {
          context.n = ((context.n as number | undefined) ?? 0) + 1;
          return context.n < 10 ? 'more' : 'enough';
        },
        on: { more: 'a', enough: 'end' },
      },
      end: { final: true },
    });
    await world.worker([loop], { worker: { stickySteps: 3 } });
    const view = await world.run('loop');
    expect(view).toMatchObject({ context: { n: 10 }, steps: 11, fence: 11 });
    expect(await world.addedJobs()).toEqual([0, 3, 6, 9].map((steps) => `${view.correlationId}.${steps}.0.0`));
    const history = (await world.machines.history(view.correlationId)) ?? [];
    expect(history.map(({ fence }) => fence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });
});

describe('a failed attempt', () => {
  it('is tried again with the stored context, and told in history', async () => {
    const contexts: unknown[] = [];
    const flaky = sketch('flaky', {
      a: {
        retry: quick,
        do: (context, step) => {
          contexts.push({ ...context });
          context.dirty = true;
          if (step.retries < 2) throw Object.assign(new Error(`attempt ${step.retries}`), { code: 'EFLAKY' });
          return 'go';
        },
        on: { go: 'b' },
      },
      b: { final: true },
    });
    await world.worker([flaky]);
    const view = await world.run('flaky', { clean: true });
    expect(contexts).toEqual([{ clean: true }, { clean: true }, { clean: true }]);
    expect(view).toMatchObject({ steps: 2, retries: 0, fence: 4, error: null });
    const history = (await world.machines.history(view.correlationId)) ?? [];
    expect(history.map(({ steps, retries, fence, outcome }) => [steps, retries, fence, outcome])).toEqual([
      [0, 0, 1, 'failed'],
      [0, 1, 2, 'failed'],
      [0, 2, 3, 'committed'],
      [1, 0, 4, 'committed'],
    ]);
    expect(history[0]?.error).toMatchObject({ code: 'EFLAKY', message: 'attempt 0' });
    await world.expectCounts({ started: 1, error: 2, retry: 2, committed: 2, completed: 1 });
  });

  it('is the last one after maxRetries: the machine fails with the error, and keeps everything', async () => {
    const hopeless = sketch('hopeless', {
      a: { do: () => 'go', on: { go: 'b' } },
      b: {
        retry: { ...quick, maxRetries: 2 },
        do: (context) => {
          context.dirty = true;
          throw new Error('no');
        },
      },
    });
    await world.worker([hopeless]);
    const view = await world.run('hopeless', { x: 1 }, 'failed');
    expect(view).toMatchObject({ state: 'a', event: 'go', steps: 1, retries: 2, context: { x: 1 }, error: { message: 'no' } });
    expect(await world.machines.history(view.correlationId)).toHaveLength(4);
    await world.expectCounts({ started: 1, error: 3, retry: 2, fatal: 1, committed: 1 });
  });

  it('turns into onExhausted at the last one, with the stored context', async () => {
    const saga = sketch('saga', {
      pay: {
        retry: { ...quick, maxRetries: 1 },
        onExhausted: 'gave_up',
        do: (context) => {
          context.dirty = true;
          throw new Error('no money');
        },
        on: { gave_up: 'undone' },
      },
      undone: { final: true, do: (context) => void (context.undone = true) },
    });
    await world.worker([saga]);
    const view = await world.run('saga', { x: 1 });
    expect(view).toMatchObject({ state: 'undone', event: 'gave_up', steps: 2, context: { x: 1, undone: true }, error: null });
    const history = (await world.machines.history(view.correlationId)) ?? [];
    expect(history.map(({ outcome, error }) => [outcome, error?.message])).toEqual([
      ['failed', 'no money'],
      ['committed', 'no money'],
      ['committed', undefined],
    ]);
  });

  it('is the last one at once for an UnrecoverableError, which onExhausted takes too', async () => {
    const fatal = () => {
      throw new UnrecoverableError('never');
    };
    await world.worker([
      sketch('fatal', { a: { do: fatal } }),
      sketch('caught', { a: { do: fatal, onExhausted: 'oops', on: { oops: 'b' } }, b: { final: true } }),
    ]);
    const failed = await world.run('fatal', {}, 'failed');
    expect(failed).toMatchObject({ retries: 0, fence: 1, error: { code: 'UNRECOVERABLE', message: 'never' } });
    expect(await world.run('caught')).toMatchObject({ state: 'b', steps: 2 });
  });

  it('waits exactly as long as RetryAfterError says', async () => {
    await world.worker([
      sketch('patient', {
        a: {
          do: (_context, step) => {
            if (step.retries === 0) throw new RetryAfterError(300);
            return 'go';
          },
          on: { go: 'b' },
        },
        b: { final: true },
      }),
    ]);
    const { correlationId } = await world.run('patient');
    const [first, second] = (await world.machines.history(correlationId)) ?? [];
    const waited = Date.parse(second?.startedAt ?? '') - Date.parse(first?.startedAt ?? '');
    expect(waited).toBeGreaterThanOrEqual(300);
    expect(waited).toBeLessThan(1500);
  });

  it('spends no retry on an event the state does not have: the machine fails at once, the legal ones named', async () => {
    await world.worker([
      sketch('typo', { a: { do: () => 'shiped', onExhausted: 'lost', on: { shipped: 'b', lost: 'b' } }, b: { final: true } }),
    ]);
    const view = await world.run('typo', {}, 'failed');
    expect(view).toMatchObject({ steps: 0, retries: 0, fence: 1, error: { code: 'UNKNOWN_EVENT' } });
    expect(view.error?.message).toBe('state "a" has no transition for event "shiped"; it has: "shipped", "lost"');
    expect(await world.machines.history(view.correlationId)).toHaveLength(1);
  });

  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  it.each<[string, () => unknown, string, string]>([
    ['a BigInt', () => ({ deep: [1n] }), 'CONTEXT_NOT_JSON', '$.bad.deep[0]'],
    ['a Date', () => new Date(0), 'CONTEXT_NOT_JSON', '$.bad'],
    ['a cycle', () => cycle, 'CONTEXT_NOT_JSON', '$.bad.self'],
    ['a function', () => ({ f: () => 1 }), 'CONTEXT_NOT_JSON', '$.bad.f'],
    ['NaN', () => NaN, 'CONTEXT_NOT_JSON', '$.bad'],
    ['more than 256 KB', () => 'x'.repeat(256 * 1024), 'CONTEXT_TOO_LARGE', '262'],
  ])('leaves the stored context as it was when the new one holds %s', async (_what, bad, code, place) => {
    await world.worker([
      sketch('spoils', {
        a: {
          do: (context) => {
            context.bad = bad();
            return 'go';
          },
          on: { go: 'b' },
        },
        b: { final: true },
      }),
    ]);
    const view = await world.run('spoils', { good: true }, 'failed');
    expect(view).toMatchObject({ steps: 0, retries: 0, context: { good: true }, error: { code } });
    expect(view.error?.message).toContain(place);
  });

  it('bounds what is kept of an error, whatever was thrown', async () => {
    await world.worker([
      sketch('throws', {
        a: {
          do: (context) => {
            if (context.big) throw new UnrecoverableError('m'.repeat(100_000));
            throw Object.create(null);
          },
          retry: { maxRetries: 0 },
        },
      }),
    ]);
    const big = await world.run('throws', { big: true }, 'failed');
    expect(big.error?.message.length).toBeLessThan(1100);
    expect(await world.run('throws', {}, 'failed')).toMatchObject({ error: { code: 'ERROR' } });
  });
});

describe('starts', () => {
  it('100 at once with one id and payload make one machine', async () => {
    let runs = 0;
    await world.worker([sketch('once', { a: { final: true, do: () => void runs++ } })]);
    const request = { machine: 'once', correlationId: '123', context: { b: 2, a: [1] } };
    const results = await Promise.all(Array.from({ length: 100 }, () => world.machines.start(request)));
    const outcomes = results.map(({ outcome }) => outcome).sort();
    expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'existing')).toHaveLength(99);
    await world.until('123', 'completed');
    expect(runs).toBe(1);
    // The same payload in another order of keys is the same payload.
    expect(await world.machines.start({ ...request, context: { a: [1], b: 2 } })).toMatchObject({ outcome: 'existing' });
    for (const other of [{ context: { a: [1] } }, { tags: { x: 'y' } }, { maxRetries: 1 }]) {
      const result = await world.machines.start({ ...request, ...other });
      expect(result).toEqual({ outcome: 'conflict', correlationId: '123' });
    }
  });

  it('bulk: an outcome for each', async () => {
    await world.worker([sketch('many', { a: { final: true } })]);
    const results = await world.machines.startMany([
      { machine: 'many', correlationId: 'a' },
      { machine: 'nothing', correlationId: 'b' },
      { machine: 'many', correlationId: 'no spaces' },
      { machine: 'many', correlationId: 'a' },
      ...Array.from({ length: 200 }, (_, i) => ({ machine: 'many', correlationId: `c${i}` })),
    ]);
    expect(results.slice(0, 4).map(({ outcome }) => outcome)).toEqual(['created', 'rejected', 'rejected', 'existing']);
    expect(results.slice(4).every(({ outcome }) => outcome === 'created')).toBe(true);
    await Promise.all(['a', ...Array.from({ length: 200 }, (_, i) => `c${i}`)].map((id) => world.until(id, 'completed')));
  });
});

describe('the signal', () => {
  it('is aborted when the event loop was blocked past the lease; the step may still commit while nobody took over', async () => {
    const aborted = gate<boolean>();
    await world.worker(
      [
        sketch('blocks', {
          a: {
            do: (_context, step) => {
              const { signal } = step;
              for (const end = performance.now() + 400; performance.now() < end;);
              aborted.open(signal.aborted || step.signal.aborted);
              return 'go';
            },
            on: { go: 'b' },
          },
          b: { final: true },
        }),
      ],
      { lease: { ttlMs: 300 } },
    );
    const view = await world.run('blocks');
    expect(await aborted.passed).toBe(true);
    expect(view.retries).toBe(0);
  });

  it('stays quiet while the lease is renewed', async () => {
    const seen = gate<boolean>();
    await world.worker(
      [
        sketch('slow', {
          a: {
            do: async (_context, step) => {
              await new Promise((resolve) => setTimeout(resolve, 900));
              seen.open(step.signal.aborted);
              return 'go';
            },
            on: { go: 'b' },
          },
          b: { final: true },
        }),
      ],
      { lease: { ttlMs: 300 } },
    );
    expect(await world.run('slow')).toMatchObject({ fence: 2, retries: 0 });
    expect(await seen.passed).toBe(false);
    await world.expectCounts({ started: 1, committed: 2, completed: 1 });
  });
});
