import { systemClock } from '@stile/lease';
import type { StepStore } from '../../libs/machine/src/core/ports';
import type { DueJob } from '../../libs/machine/src/core/model';
import { Dispatcher } from '../../libs/machine/src/engine/dispatcher';
import { engineDefaults, quietLogs } from '../../libs/machine/src/engine/options';
import { noTimings } from '../../libs/machine/src/core/timings';
import { RedisWatchStore } from '../../libs/machine/src/redis/redis-watch-store';
import { waitFor } from '../support/redis';
import { plain } from './support/machines';
import { gate, handmade, sketch, World } from './support/world';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.close());

describe('jobs', () => {
  it('that are late or repeated are dropped and counted, and no action runs', async () => {
    let runs = 0;
    const table = sketch('table', {
      a: { do: () => 'go', on: { go: 'b' } },
      b: {
        retry: { baseMs: 5, capMs: 20 },
        do: (_context, step) => {
          runs++;
          if (step.retries < 2) throw new Error('twice');
          return 'end';
        },
        on: { end: 'c' },
      },
      c: { final: false },
    });
    await world.worker([table]);
    const view = await world.run('table', {}, 'waiting');
    expect(view.steps).toBe(3);
    expect(runs).toBe(3);
    const history = (await world.machines.history(view.correlationId)) ?? [];
    expect(history.map(({ steps, retries, fence }) => [steps, retries, fence])).toEqual([
      [0, 0, 1],
      [1, 0, 2],
      [1, 1, 3],
      [1, 2, 4],
      [2, 0, 5],
    ]);
    for (const retries of [1, 2]) {
      await world
        .queue()
        .add('table', handmade(view.correlationId, 'table', { steps: 1, retries }), { jobId: `late-${retries}` });
    }
    await world.untilCounted('duplicate', 2);
    expect(runs).toBe(3);
    expect(await world.get(view.correlationId)).toEqual(view);
  });

  it('for an unknown id, or that are no jobs of ours, are dropped', async () => {
    const { log } = await world.worker([plain('plain')]);
    const queue = world.queue();
    await queue.add('plain', handmade('nobody', 'plain'));
    await queue.add('plain', { hello: 'world' });
    await queue.add('plain', handmade('nobody', 'plain', { steps: -1 }));
    await world.untilCounted('unknown');
    await waitFor(() => queue.getJobCountByTypes('waiting', 'active', 'delayed').then((left) => left === 0), {
      what: 'queue is empty',
    });
    expect(log.filter((line) => line.includes('none of ours'))).toHaveLength(2);
    await world.expectCounts({ unknown: 1 });
    await world.run('plain');
  });

  it('from the future raise an alarm and drive the record itself', async () => {
    const { runtime, log } = await world.worker([plain('plain')]);
    await runtime.drain();
    const id = await world.start({ machine: 'plain' });
    await world.queue().obliterate({ force: true });
    await world.queue().add('plain', handmade(id, 'plain', { steps: 7 }));
    await world.worker([plain('plain')]);
    await world.until(id, 'completed');
    await world.untilCounted('completed');
    expect(await world.counts()).toMatchObject({ future: 1, completed: 1 });
    expect(log).not.toContain('nothing');
  });

  it('of a machine that this worker has no code for are left to another, counted, nothing acquired', async () => {
    const beta = plain('beta');
    await world.stop(await world.worker([beta]));
    const first = await world.worker([plain('alpha')]);
    const id = await world.start({ machine: 'beta' });
    await world.untilCounted('dispatch');
    expect(await world.get(id)).toMatchObject({ status: 'queued', fence: 0, retries: 0 });
    await world.stop(first);
    await world.worker([beta]);
    await world.until(id, 'completed');
  });

  it('twice in the queue never run one machine at once: two workers, every job doubled', async () => {
    const running = new Map<string, number>();
    let most = 0;
    let runs = 0;
    const machine = () =>
      sketch('alone', {
        a: {
          do: async (context, step) => {
            const now = (running.get(step.correlationId) ?? 0) + 1;
            running.set(step.correlationId, now);
            most = Math.max(most, now);
            runs++;
            const twin = handmade(step.correlationId, 'alone', { steps: step.steps + 1 });
            await queue.add('alone', twin, { removeOnComplete: true });
            await queue.add('alone', { ...twin, steps: step.steps }, { removeOnComplete: true });
            await new Promise((resolve) => setTimeout(resolve, 2));
            running.set(step.correlationId, now - 1);
            context.n = ((context.n as number | undefined) ?? 0) + 1;
            return context.n < 6 ? 'more' : 'enough';
          },
          on: { more: 'a', enough: 'b' },
        },
        b: { final: true },
      });
    const queue = world.queue();
    for (const name of ['one', 'two']) await world.worker([machine()], { worker: { name, stickySteps: 1 } });
    const ids = await Promise.all(Array.from({ length: 10 }, () => world.start({ machine: 'alone' })));
    for (const id of ids) expect(await world.until(id, 'completed')).toMatchObject({ steps: 7, context: { n: 6 }, retries: 0 });
    expect(most).toBe(1);
    expect(runs).toBe(60);
    await world.untilCounted('committed', 70);
    expect((await world.counts()).committed).toBe(70);
    const workers = new Set<string>();
    for (const id of ids) for (const { worker } of (await world.machines.history(id)) ?? []) workers.add(worker);
    expect([...workers].sort()).toEqual(['one', 'two']);
  });
});

describe('records', () => {
  it('that are garbage are set aside with a reason, and the others go on', async () => {
    const pod = await world.worker([plain('plain')]);
    await pod.runtime.drain();
    const spoil: Record<string, (key: string, id: string) => Promise<unknown>> = {
      context: (key) => world.redis.hset(key, 'context', '[1'),
      array: (key) => world.redis.hset(key, 'context', '[]'),
      steps: (key) => world.redis.hset(key, 'steps', 'many'),
      state: (key) => world.redis.hdel(key, 'state'),
      type: (key) => world.redis.del(key).then(() => world.redis.set(key, 'text')),
      lease: (_key, id) => world.redis.set(world.keys.lease(id), 'text'),
    };
    for (const [id, damage] of Object.entries(spoil)) {
      await world.start({ machine: 'plain', correlationId: id });
      await damage(world.keys.record(id), id);
    }
    const good = await world.start({ machine: 'plain' });
    const { log } = await world.worker([plain('plain')]);
    await world.until(good, 'completed');
    await world.untilCounted('quarantined', 6);
    const quarantined = await world.redis.hgetall(world.keys.quarantine(0));
    expect(Object.keys(quarantined).sort()).toEqual(Object.keys(spoil).sort());
    for (const [id, text] of Object.entries(quarantined)) {
      const { reason } = JSON.parse(text) as { reason: string };
      expect(log.some((line) => line.includes(id) && line.includes(reason))).toBe(true);
    }
    expect(await world.get('lease')).toMatchObject({ status: 'failed', error: { code: 'MACHINE_QUARANTINED' } });
    await expect(world.machines.get('steps')).rejects.toMatchObject({ code: 'MACHINE_QUARANTINED' });
    await expect(world.machines.get('type')).rejects.toMatchObject({ code: 'MACHINE_QUARANTINED' });
    await world.untilCounted('completed');
    expect(await world.counts()).toMatchObject({ quarantined: 6, completed: 1 });
  });

  it('that vanish while alive are set aside by the watchdog', async () => {
    const entered = gate();
    const leave = gate();
    await world.worker([
      plain('plain', async () => {
        entered.open();
        await leave.passed;
      }),
    ]);
    const id = await world.start({ machine: 'plain' });
    await entered.passed;
    await world.redis.del(world.keys.record(id));
    await world.redis.zadd(world.keys.watch(0), 1, id);
    leave.open();
    await world.untilCounted('quarantined');
    await expect(world.machines.get(id)).rejects.toMatchObject({ code: 'MACHINE_QUARANTINED' });
    await world.expectCounts({ started: 1, stale: 1, quarantined: 1 });
    expect(await world.redis.exists(world.keys.lease(id))).toBe(0);
  });
});

describe('workers that die', () => {
  it('over and over in one attempt: the machine fails as crashed', async () => {
    const pod = await world.worker([plain('plain')]);
    await pod.runtime.drain();
    const id = await world.start({ machine: 'plain' });
    for (let deaths = 0; deaths < 2; deaths++) {
      const result = await world.store().claim(handmade(id, 'plain'), `ghost-${deaths}`);
      expect(result.outcome).toBe('claimed');
      await world.expire(id);
    }
    await world.worker([plain('plain')], { worker: { crashLimit: 2 } });
    const view = await world.until(id, 'failed');
    expect(view).toMatchObject({ steps: 0, retries: 0, fence: 3, error: { code: 'CRASHED' } });
    await world.untilCounted('fatal');
    expect(await world.counts()).toMatchObject({ crashed: 1, fatal: 1 });
  });

  it('beside others each time: with one claim left a machine runs alone, and those that did nothing live', async () => {
    const gates = new Map(['beside', 'suspect'].map((id) => [id, { entered: gate(), leave: gate() }]));
    const ran: string[] = [];
    const definition = plain('plain', async ({ id }) => {
      const correlationId = id as string;
      ran.push(correlationId);
      gates.get(correlationId)?.entered.open();
      await gates.get(correlationId)?.leave.passed;
    });
    const gone = await world.worker([definition]);
    await gone.runtime.drain();
    await world.start({ machine: 'plain', correlationId: 'suspect', context: { id: 'suspect' } });
    await world.store().claim(handmade('suspect', 'plain'), 'ghost');
    await world.start({ machine: 'plain', correlationId: 'beside', context: { id: 'beside' } });
    await world.worker([definition], { lease: { ttlMs: 20_000 }, worker: { crashLimit: 2 } });
    await gates.get('beside')!.entered.passed;
    await world.expire('suspect');
    await world.queue().add('plain', handmade('suspect', 'plain'), { jobId: 'again' });
    await new Promise((resolve) => setTimeout(resolve, 300)); // time for what must not happen
    expect(ran).not.toContain('suspect');
    gates.get('beside')!.leave.open();
    await gates.get('suspect')!.entered.passed;
    await world.start({ machine: 'plain', correlationId: 'later', context: { id: 'later' } });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(ran).not.toContain('later');
    gates.get('suspect')!.leave.open();
    for (const id of ['suspect', 'beside', 'later']) expect(await world.until(id, 'completed')).toMatchObject({ retries: 0 });
  });

  it('now and then: another one takes over when the lease is over, no retry spent', async () => {
    const pod = await world.worker([plain('plain')]);
    await pod.runtime.drain();
    const id = await world.start({ machine: 'plain' });
    await world.store(300).claim(handmade(id, 'plain'), 'ghost');
    await world.worker([plain('plain')]);
    expect(await world.until(id, 'completed')).toMatchObject({ steps: 2, retries: 0, fence: 3 });
  });

  it('are told by the fence when they come back: signal aborted, commit refused, counted as stale', async () => {
    const entered = gate();
    const leave = gate();
    const aborted = gate<boolean>();
    let attempts = 0;
    const slow = sketch('slow', {
      a: {
        do: async (context, step) => {
          context.by = ++attempts;
          if (attempts > 1) return 'go';
          entered.open();
          step.signal.addEventListener('abort', () => aborted.open(true));
          await leave.passed;
          return 'go';
        },
        on: { go: 'b' },
      },
      b: { final: true },
    });
    await world.worker([slow], { lease: { ttlMs: 600 } });
    const id = await world.start({ machine: 'slow' });
    await entered.passed;
    await world.expire(id); // as if this process had been stopped for that long
    expect(await world.until(id, 'completed')).toMatchObject({ context: { by: 2 }, retries: 0 });
    expect(await aborted.passed).toBe(true);
    leave.open();
    await world.untilCounted('stale');
    expect(await world.get(id)).toMatchObject({ context: { by: 2 }, steps: 2 });
    expect(await world.machines.history(id)).toHaveLength(2);
  });

  it('because they lose the lease each time count as well: no machine is tried for ever', async () => {
    const blocks = sketch('blocks', {
      a: {
        do: () => {
          for (const end = performance.now() + 200; performance.now() < end;);
          throw new Error('after its lease was over');
        },
      },
    });
    await world.worker([blocks], { lease: { ttlMs: 150 }, worker: { crashLimit: 1 } });
    const view = await world.run('blocks', {}, 'failed');
    expect(view).toMatchObject({ retries: 0, error: { code: 'CRASHED' } });
  });
});

describe('a shutdown', () => {
  it('lets steps in hand finish, begins no other, and leaves the rest to others', async () => {
    const entered = gate();
    const leave = gate();
    const definition = plain('plain', async () => {
      entered.open();
      await leave.passed;
    });
    const pod = await world.worker([definition], { worker: { shutdownMs: 5000 } });
    const id = await world.start({ machine: 'plain' });
    await entered.passed;
    const stopped = world.stop(pod);
    leave.open();
    await stopped;
    await world.worker([definition]);
    const view = await world.until(id, 'completed');
    expect(view).toMatchObject({ steps: 2, retries: 0, fence: 2 });
    expect((await world.counts()).stale).toBeUndefined();
  });

  it('hands long steps over at once: signal aborted, no retry spent, no claim counted', async () => {
    const entered = gate();
    const reason = gate<unknown>();
    let attempts = 0;
    const endless = sketch('endless', {
      a: {
        do: async (_context, step) => {
          if (++attempts > 1) return 'go';
          entered.open();
          const { signal } = step;
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
          reason.open(signal.reason);
          throw new Error('aborted');
        },
        on: { go: 'b' },
      },
      b: { final: true },
    });
    const pod = await world.worker([endless], { lease: { ttlMs: 60_000 }, worker: { shutdownMs: 50 } });
    const id = await world.start({ machine: 'endless' });
    await entered.passed;
    await world.stop(pod);
    expect(String(await reason.passed)).toContain('shutting down');
    const { retries = '0', claims = '0', ...record } = await world.redis.hgetall(world.keys.record(id));
    expect({ retries, claims, ...record }).toMatchObject({ status: 'queued', retries: '0', claims: '0', drive: '1' });
    expect(await world.addedJobs()).toEqual([`${id}.0.0.0`, `${id}.0.0.1`]);
    await world.worker([endless], { lease: { ttlMs: 60_000 } });
    expect(await world.until(id, 'completed')).toMatchObject({ retries: 0, fence: 3 });
  });

  it('that comes while a commit is on its way hands over the step after it', async () => {
    const definition = plain('plain');
    await (await world.worker([definition])).runtime.drain();
    const id = await world.start({ machine: 'plain' });
    const [sent, answered] = [gate(), gate()];
    const store = world.store();
    const steps: StepStore = {
      claim: (job, nonce) => store.claim(job, nonce),
      commit: async (claim, change) => {
        const result = await store.commit(claim, change);
        sent.open();
        await answered.passed;
        return result;
      },
      fail: (claim, failure) => store.fail(claim, failure),
      release: (claim) => store.release(claim),
      renew: (claim) => store.renew(claim),
      note: (claim, note) => store.note(claim, note),
      notes: (claim) => store.notes(claim),
      lookAt: (claims) => store.lookAt(claims),
    };
    const queued: DueJob[] = [];
    const dispatcher = new Dispatcher({
      steps,
      watch: new RedisWatchStore(world.redis, world.keys),
      queue: {
        add: async (jobs) => void queued.push(...jobs),
        inspect: async () => 'gone',
        promote: async () => undefined,
      },
      definitions: { find: () => definition, all: () => [definition] },
      counters: { add: () => undefined },
      clock: systemClock,
      random: Math.random,
      log: { debug: () => undefined, log: () => undefined, warn: () => undefined, error: () => undefined },
      outbox: { poke: () => undefined, results: async () => [] },
      holds: { any: false, first: () => undefined },
      secret: async () => 'secret',
      worker: 'leaving',
      incarnation: 'leaving',
      ...{ timings: noTimings, logs: quietLogs },
      options: engineDefaults,
    });
    const handled = dispatcher.handle(handmade(id, 'plain'), 0);
    await sent.passed;
    await dispatcher.handOver();
    answered.open();
    expect(await handled).toEqual({ kind: 'done' });
    expect(queued).toEqual([{ ...handmade(id, 'plain', { steps: 1, drive: 1 }), delayMs: 0 }]);
    expect(await world.redis.hgetall(world.keys.record(id))).toMatchObject({ status: 'queued', steps: '1' });
    expect(await world.redis.exists(world.keys.lease(id))).toBe(0);
  });
});
