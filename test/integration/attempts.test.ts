import { StoreUnavailableError, UnrecoverableError } from '../../libs/machine/src/core/errors';
import { serverTimeMs, waitFor } from '../support/redis';
import { rich } from './support/rich-sketch';
import { World } from './support/world';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.close());

class CodedError extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

it('an attempt that takes longer than its state allows is aborted, and counts as failed', async () => {
  const reasons: unknown[] = [];
  const slow = rich('slow', {
    a: {
      timeoutMs: 100,
      retry: { maxRetries: 1, baseMs: 1 },
      do: (_context, step) =>
        new Promise((_, reject) => {
          step.signal.addEventListener('abort', () => {
            reasons.push((step.signal.reason as { code: string }).code);
            reject(step.signal.reason as Error);
          });
        }),
      on: { on: 'b' },
    },
    b: { final: true },
  });
  await world.worker([slow]);
  expect(await world.run('slow', {}, 'failed')).toMatchObject({ retries: 1, error: { code: 'TIMEOUT' } });
  expect(reasons).toEqual(['TIMEOUT', 'TIMEOUT']);
});

it('the next attempt finds the last heartbeat, and what once has stored: its function is not called again', async () => {
  const calls: string[] = [];
  const seen: unknown[] = [];
  const careful = rich('careful', {
    a: {
      retry: { baseMs: 1 },
      do: async (context, step) => {
        seen.push(await step.lastHeartbeat());
        context.charge = await step.once('charge', () => (calls.push('charge'), { id: 7, list: [] }));
        await step.heartbeat({ attempt: step.retries });
        if (step.retries < 2) throw new Error('again');
        return 'on';
      },
      on: { on: 'b' },
    },
    b: { do: async (context, step) => void (context.left = (await step.lastHeartbeat()) ?? 'nothing'), final: true },
  });
  await world.worker([careful]);
  const view = await world.run('careful');
  expect(view.context).toEqual({ charge: { id: 7, list: [] }, left: 'nothing' });
  expect(calls).toEqual(['charge']);
  expect(seen).toEqual([undefined, { attempt: 0 }, { attempt: 1 }]);
  expect(view.heartbeat).toBeNull();
});

it('only errors whose code is retryable are tried again', async () => {
  const picky = (code: string) =>
    rich(code, {
      a: {
        retry: { maxRetries: 2, baseMs: 1, retryable: ['BUSY'] },
        do: () => {
          throw new CodedError(code);
        },
        on: { on: 'b' },
      },
      b: { final: true },
    });
  await world.worker([picky('BUSY'), picky('BROKEN')]);
  expect(await world.run('BUSY', {}, 'failed')).toMatchObject({ retries: 2, error: { code: 'BUSY' } });
  expect(await world.run('BROKEN', {}, 'failed')).toMatchObject({ retries: 0, error: { code: 'BROKEN' } });
});

it('a deadline fails a machine that waits, one that waits for its next attempt, and one that runs', async () => {
  const deadline = { afterMs: 400 };
  const waits = rich('waits', { a: { on: { on: 'b' } }, b: { final: true } }, { deadline });
  const backs = rich(
    'backs',
    {
      a: {
        retry: { baseMs: 60_000, jitter: 'none' },
        do: () => {
          throw new Error('no');
        },
        on: { on: 'b' },
      },
      b: { final: true },
    },
    { deadline },
  );
  const runs = rich('runs', { a: { do: () => new Promise(() => undefined), on: { on: 'b' } }, b: { final: true } }, { deadline });
  await world.worker([waits, backs, runs]);
  for (const machine of ['waits', 'backs', 'runs']) {
    expect(await world.run(machine, {}, 'failed')).toMatchObject({ error: { code: 'DEADLINE' } });
  }
});

it('a deadline with an event sends it once, and the machine goes on', async () => {
  const late = rich(
    'late',
    { a: { on: { late: 'b' } }, b: { do: (context, step) => void (context.by = step.event.name), final: true } },
    { deadline: { afterMs: 300, event: 'late' } },
  );
  await world.worker([late]);
  expect(await world.run('late')).toMatchObject({ context: { by: 'late' }, inbox: 0, deadlineAt: null });
});

it('starts at a time, by the server’s clock', async () => {
  const plain = rich('plain', { a: { final: true } });
  await world.worker([plain]);
  const at = Math.ceil((await serverTimeMs(world.redis)) + 700);
  const id = await world.start({ machine: 'plain', startAt: new Date(at).toISOString() });
  expect(await world.get(id)).toMatchObject({ status: 'delayed' });
  await world.until(id, 'completed');
  const late = (await serverTimeMs(world.redis)) - at;
  expect(late).toBeGreaterThanOrEqual(0);
  expect(late).toBeLessThan(1500);
});

it('waits for the end: at once when it comes, or until the time is over', async () => {
  const waits = rich('waits', { a: { on: { on: 'b' } }, b: { final: true } });
  const pod = await world.worker([waits]);
  const id = await world.start({ machine: 'waits' });
  await world.until(id, 'waiting');
  expect(await world.machines.wait(id, 150)).toMatchObject({ status: 'waiting' });
  const end = world.machines.wait(id, 10_000);
  const began = performance.now();
  await pod.runtime.services.events.send(id, { event: 'on' });
  expect(await end).toMatchObject({ status: 'completed' });
  expect(performance.now() - began).toBeLessThan(1500);
  expect(await world.machines.wait('nobody', 10_000)).toBeUndefined();
});

it('a cancelled step has its signal aborted, and the state that cleans up runs next', async () => {
  const steps: string[] = [];
  const tidy = rich(
    'tidy',
    {
      a: {
        do: (_context, step) =>
          new Promise((_, reject) => {
            steps.push('a');
            step.signal.addEventListener('abort', () => reject(step.signal.reason as Error));
          }),
        on: { on: 'end' },
      },
      clean: { do: () => (steps.push('clean') > 0 ? 'on' : undefined), on: { on: 'end' } },
      end: { final: true },
    },
    { onCancel: 'clean' },
  );
  const pod = await world.worker([tidy]);
  const id = await world.start({ machine: 'tidy' });
  await waitFor(() => steps.length === 1, { what: 'it runs' });
  await pod.runtime.services.steering.cancel(id, { by: 'Ada' });
  expect(await world.until(id, 'cancelled')).toMatchObject({ state: 'end', retries: 0 });
  expect(steps).toEqual(['a', 'clean']);
  const history = (await world.machines.history(id)) ?? [];
  expect(history.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  expect(history.find(({ outcome }) => outcome === 'cancelling')).toMatchObject({ by: 'Ada', to: 'clean' });
});

it('a hold stops machines before the state, and lets them go when it is taken off', async () => {
  const two = rich('two', {
    a: { do: () => 'on', on: { on: 'b' } },
    b: { do: () => 'on', on: { on: 'end' } },
    end: { final: true },
  });
  const pod = await world.worker([two]);
  const { steering } = pod.runtime.services;
  await steering.hold({ machine: 'two', state: 'b' }, { by: 'Ada' });
  await waitFor(
    async () => {
      const view = await world.get(await world.start({ machine: 'two' }));
      return (await world.machines.wait(view.correlationId, 100))?.heldBy === 'two/b';
    },
    { what: 'the hold is known' },
  );
  const id = await world.start({ machine: 'two' });
  expect(await world.until(id, 'paused')).toMatchObject({ heldBy: 'two/b', state: 'a', steps: 1 });
  await steering.unhold({ machine: 'two', state: 'b' });
  await world.until(id, 'completed');
});

it('an error that is not worth a retry spends none', async () => {
  const broken = rich('broken', {
    a: {
      do: () => {
        throw new UnrecoverableError('for good');
      },
      on: { on: 'b' },
    },
    b: { final: true },
  });
  await world.worker([broken]);
  expect(await world.run('broken', {}, 'failed')).toMatchObject({ retries: 0 });
});

it('a store that gives an action no answer spends no retry: the step is made again', async () => {
  let away = true;
  const careful = rich('careful', {
    a: {
      retry: { maxRetries: 0 },
      do: async (context, step) => void (context.charge = await step.once('charge', () => 7)),
      final: true,
    },
  });
  const reach = (moment: string, operation: string): void => {
    if (!away || operation !== 'note') return;
    away = false;
    throw new StoreUnavailableError(new Error(`away ${moment} it was noted`));
  };
  const pod = await world.worker([careful], { faults: { reach } });
  const view = await world.run('careful');
  expect(view).toMatchObject({ status: 'completed', retries: 0, context: { charge: 7 } });
  const items = await world.machines.history(view.correlationId);
  expect(items?.map(({ steps, outcome, fence }) => [steps, outcome, fence])).toEqual([[0, 'committed', 2]]);
  expect(pod.log.filter((line) => line.includes('no retry is spent'))).toHaveLength(1);
});

it('an error of the store that no waiting mends is the attempt’s own: it is not made again for ever', async () => {
  const damaged = rich('damaged', {
    a: {
      retry: { maxRetries: 1, baseMs: 1 },
      do: async (_context, step) => {
        await world.redis.set(world.keys.results(step.correlationId), 'no hash');
        await step.once('charge', () => 7);
      },
      final: true,
    },
  });
  await world.worker([damaged]);
  expect(await world.run('damaged', {}, 'failed')).toMatchObject({ retries: 1, error: { code: 'STORE_UNAVAILABLE' } });
});

it('a claim that was granted too late to be relied on begins no action, and is handed back at once', async () => {
  let late = true;
  const fences: number[] = [];
  const plain = rich('plain', { a: { do: (_context, step) => void fences.push(step.fence), final: true } });
  const reach = async (moment: string, operation: string): Promise<void> => {
    if (!late || moment !== 'after' || operation !== 'claim') return;
    late = false;
    await new Promise((resolve) => setTimeout(resolve, 250)); // the answer is on its way for longer than the lease lasts
  };
  await world.worker([plain], { lease: { ttlMs: 200 }, faults: { reach } });
  expect(await world.run('plain')).toMatchObject({ status: 'completed', retries: 0 });
  expect(fences).toEqual([2]);
});
