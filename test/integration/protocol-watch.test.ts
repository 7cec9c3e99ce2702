import { systemClock } from '@stile/lease';
import { Queue } from 'bullmq';
import { Worker } from 'bullmq';
import type { DueJob } from '../../libs/machine/src/core/model';
import { Watchdog } from '../../libs/machine/src/engine/watchdog';
import { BullJobQueue, jobId } from '../../libs/machine/src/queue/bull-job-queue';
import { FailingLeaseStore } from '../../libs/lease/src/testing/failing-lease-store';
import { serverTimeMs, waitFor } from '../support/redis';
import { change, failure, StoreBench, TTL_MS } from './support/store-bench';

const SOON = 2000;

describe.each(['fused', 'split'] as const)('the watch, %s', (kind) => {
  let bench: StoreBench;
  let queue: BullJobQueue;
  let bull: Queue;
  let watchdog: Watchdog;
  let counted: string[];
  let warnings: string[];
  let leases: FailingLeaseStore;

  beforeEach(() => {
    bench = new StoreBench({ kind, leases: (own) => (leases = new FailingLeaseStore(own)) });
    queue = new BullJobQueue(
      bench.redis,
      bench.keys,
      () => performance.now(),
      () => undefined,
    );
    bull = new Queue('machines', { connection: bench.redis, prefix: bench.keys.queuePrefix(0), skipMetasUpdate: true });
    counted = [];
    warnings = [];
    watchdog = new Watchdog({
      watch: bench.watch,
      queue,
      counters: { add: (count) => counted.push(count) },
      clock: systemClock,
      random: Math.random,
      log: { debug: () => undefined, log: () => undefined, warn: (text) => warnings.push(text), error: () => undefined },
      outbox: { poke: () => undefined },
      holds: { tend: async () => undefined },
      partitions: [0],
    });
  });
  afterEach(async () => {
    await Promise.all([queue.close(), bull.close()]);
    await bench.close();
  });

  /** The watch looks at the machine about `ms` from now: never sooner, nor much later. */
  async function expectWatchedIn(id: string, ms: number | null): Promise<void> {
    const left = await bench.watchedIn(id);
    if (ms === null || left === null) return expect(left).toBe(ms);
    expect(left).toBeGreaterThan(ms - 1000);
    expect(left).toBeLessThanOrEqual(ms + 1);
  }

  /** Every waiting or delayed job of the queue, by id. */
  async function queued(): Promise<string[]> {
    return (await bull.getJobs(['waiting', 'delayed', 'active'])).map((job) => job.id ?? '').sort();
  }

  async function overdueSweep(id: string): Promise<number> {
    await bench.makeOverdue(id);
    return watchdog.sweep();
  }

  it('has one entry for each live machine, at the time by which something must have happened', async () => {
    const job = await bench.start();
    const id = job.correlationId;
    await expectWatchedIn(id, SOON);
    let claim = await bench.claim(job);
    await expectWatchedIn(id, TTL_MS);
    claim = await bench.commitOn(claim);
    await expectWatchedIn(id, TTL_MS);
    const released = (await bench.steps.release(claim)) as DueJob;
    await expectWatchedIn(id, SOON);
    claim = await bench.claim(released);
    await bench.steps.claim(released, 'another');
    await expectWatchedIn(id, TTL_MS);
    await bench.steps.fail(claim, failure('retry', { delayMs: 7000 }));
    await expectWatchedIn(id, 7000 + SOON);
    await bench.setRecord(id, { due: 0 });
    claim = await bench.claim((await bench.jobOf(id)) as DueJob);
    await bench.steps.commit(claim, change('delayed', { delayMs: 9000 }));
    await expectWatchedIn(id, 9000 + SOON);
    await bench.setRecord(id, { due: 0 });
    claim = await bench.claim((await bench.jobOf(id)) as DueJob);
    const next = await bench.commit(claim);
    await expectWatchedIn(id, SOON);
    claim = await bench.claim(next);
    await bench.steps.commit(claim, change('waiting'));
    await expectWatchedIn(id, null);
    expect(await bench.redis.zcard(bench.keys.watch(0))).toBe(0);
  });

  it('has none for machines that have ended', async () => {
    await bench.steps.commit(await bench.started(), change('completed'));
    await bench.steps.fail(await bench.started(), failure('failed'));
    expect(await bench.redis.zcard(bench.keys.watch(0))).toBe(0);
    expect(await bench.redis.zcard(bench.keys.retention(0))).toBe(2);
  });

  it('begins at the due time of a delayed start', async () => {
    const job = await bench.start({ delayMs: 60_000 });
    await expectWatchedIn(job.correlationId, 60_000 + SOON);
  });

  it('moves on while the lease is renewed, and drives nothing', async () => {
    const claim = await bench.started();
    const id = claim.correlationId;
    await bench.makeOverdue(id);
    expect(await bench.steps.renew(claim)).toBe('renewed');
    expect(await watchdog.sweep()).toBe(0);
    await expectWatchedIn(id, TTL_MS);
    expect(await queued()).toEqual([]);
  });

  it('moves on what is not due yet, and drives nothing', async () => {
    const job = await bench.start({ delayMs: 60_000 });
    expect(await overdueSweep(job.correlationId)).toBe(0);
    await expectWatchedIn(job.correlationId, 60_000 + SOON);
    expect(await queued()).toEqual([]);
  });

  it('makes a job that is gone anew, under its own id', async () => {
    const job = await bench.start();
    expect(await overdueSweep(job.correlationId)).toBe(1);
    expect(await queued()).toEqual([jobId(job)]);
    expect(counted).toEqual(['redriven']);
    await expectWatchedIn(job.correlationId, SOON);
  });

  it('makes a job anew whose lists are lost while its hash is still there', async () => {
    const job = await bench.start();
    await queue.add([job]);
    await bench.redis.del(`${bench.keys.queuePrefix(0)}:machines:wait`);
    expect(await queued()).toEqual([]);
    expect(await overdueSweep(job.correlationId)).toBe(1);
    expect(await queued()).toEqual([jobId(job)]);
  });

  it('leaves a job that waits in a backlog alone, and looks ever more rarely: 2 s … 60 s', async () => {
    const job = await bench.start();
    await queue.add([job]);
    for (const ms of [2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
      expect(await overdueSweep(job.correlationId)).toBe(0);
      await expectWatchedIn(job.correlationId, ms);
    }
    expect(await queued()).toEqual([jobId(job)]);
    expect(counted).toEqual([]);
    // A claim begins the back-off anew.
    const claim = await bench.claim(job);
    await bench.steps.release(claim);
    await overdueSweep(job.correlationId);
    await expectWatchedIn(job.correlationId, 2000);
  });

  it('promotes a job that is delayed beyond its due time', async () => {
    const job = await bench.start();
    await queue.add([{ ...job, delayMs: 3_600_000 }]);
    expect(await queue.inspect(job)).toBe('delayed');
    expect(await overdueSweep(job.correlationId)).toBe(0);
    expect(await queue.inspect(job)).toBe('waiting');
    expect((await bench.jobOf(job.correlationId)).drive).toBe(0);
  });

  it('gives a new id only where the old job is dead: active without a lease, failed or completed', async () => {
    const active = await bench.start();
    await queue.add([active]);
    const worker = new Worker('machines', undefined, {
      connection: bench.redis,
      prefix: bench.keys.queuePrefix(0),
      autorun: false,
    });
    await worker.waitUntilReady();
    const taken = await worker.getNextJob('token');
    expect(taken?.id).toBe(jobId(active));
    const held = await bench.claim(active);
    expect(await overdueSweep(active.correlationId)).toBe(kind === 'fused' ? 0 : 1);
    if (kind === 'fused') {
      await bench.expire(active.correlationId);
      expect(await overdueSweep(active.correlationId)).toBe(1);
    }
    expect(await queued()).toEqual([jobId(active), jobId({ ...active, drive: 1 })]);
    await expectWatchedIn(active.correlationId, SOON);
    expect(held.fence).toBe(1);

    const ended = await bench.start();
    await bull.add('bench', { ...ended }, { jobId: jobId(ended) });
    await taken?.remove().catch(() => undefined);
    for (let job = await worker.getNextJob('other'); job; job = await worker.getNextJob('other')) {
      if (job.id === jobId(ended)) await job.moveToCompleted('kept', 'other', false);
    }
    expect(await queue.inspect(ended)).toBe('ended');
    expect(await overdueSweep(ended.correlationId)).toBe(1);
    expect(await queued()).toContain(jobId({ ...ended, drive: 1 }));
    await worker.close();
  });

  it('makes a job anew of which only a stub is left, as the end of one leaves it whose hash was lost while it ran', async () => {
    const job = await bench.start();
    const stub = { processedOn: 1, ats: 1, atm: 1, returnvalue: 'null', finishedOn: 2 };
    await bench.redis.hset(bull.toKey(jobId(job)), stub);
    expect(await overdueSweep(job.correlationId)).toBe(1);
    expect(await queued()).toEqual([jobId(job)]);
  });

  it('wakes nothing that has gone on meanwhile', async () => {
    const claim = await bench.started();
    await bench.expire(claim.correlationId);
    const { job } = claim;
    await bench.steps.fail(claim, failure('failed'));
    expect(await bench.watch.wake(job)).toBeUndefined();
    await expectWatchedIn(job.correlationId, null);
    const other = await bench.start();
    expect(await bench.watch.wake({ ...other, drive: 7 })).toBeUndefined();
    expect(await bench.watch.wake({ ...other, steps: 1 })).toBeUndefined();
    expect(await bench.watch.wake({ ...other, correlationId: 'nobody' })).toBeUndefined();
    expect(await bench.watch.wake(other)).toMatchObject({ drive: 1 });
    expect(await bench.watch.wake(other)).toBeUndefined();
  });

  it('sets garbage aside, keeps it, and goes on with the others', async () => {
    const ids: string[] = [];
    const spoil: ((id: string) => Promise<unknown>)[] = [
      (id) => bench.setRecord(id, { steps: 'many' }),
      (id) => bench.setRecord(id, { drives: 'many' }),
      (id) => bench.redis.del(bench.keys.record(id)),
      async (id) => {
        await bench.redis.del(bench.keys.record(id));
        await bench.redis.set(bench.keys.record(id), 'text');
      },
      ...(kind === 'fused'
        ? [
            (id: string) => bench.redis.set(bench.keys.lease(id), 'text'),
            (id: string) => bench.redis.hset(bench.keys.lease(id), 'until', 'tomorrow', 'nonce', 'x'),
            (id: string) => bench.redis.hset(bench.keys.lease(id), 'fence', 'many'),
          ]
        : []),
    ];
    for (const damage of spoil) {
      const { correlationId: id } = await bench.start();
      await damage(id);
      await bench.makeOverdue(id);
      ids.push(id);
    }
    const good = await bench.start();
    expect(await overdueSweep(good.correlationId)).toBe(1);
    expect(await queued()).toEqual([jobId(good)]);
    expect(Object.keys(await bench.redis.hgetall(bench.keys.quarantine(0))).sort()).toEqual(ids.sort());
    expect(await bench.redis.zrange(bench.keys.watch(0), '0', '-1')).toEqual([good.correlationId]);
    expect(counted.filter((count) => count === 'quarantined')).toHaveLength(ids.length);
    for (const id of ids) {
      if (id !== ids[3] && id !== ids[2]) expect(await bench.record(id)).toMatchObject({ status: 'failed' });
    }
    // Whoever claims it finds out as well.
    if (kind === 'fused') {
      const { correlationId } = await bench.start();
      await bench.redis.set(bench.keys.lease(correlationId), 'text');
      const job = (await bench.jobOf(correlationId)) as DueJob;
      expect(await bench.steps.claim(job, 'n')).toEqual({ outcome: 'garbage', reason: 'the lease is not a hash' });
    }
  });

  it('sweeps in batches to its end', async () => {
    const jobs = await Promise.all(Array.from({ length: 230 }, () => bench.start()));
    await bench.redis.zadd(bench.keys.watch(0), ...jobs.flatMap((job) => [1, job.correlationId]));
    expect(await watchdog.sweep()).toBe(230);
    expect(await queued()).toHaveLength(230);
    expect(await bench.redis.zcount(bench.keys.watch(0), '-inf', await serverTimeMs(bench.redis))).toBe(0);
  });

  describe('retention', () => {
    async function finished(retentionMs: number): Promise<string> {
      const claim = await bench.started();
      await bench.steps.commit(claim, change('completed', { retentionMs }));
      return claim.correlationId;
    }
    const machineKeys = async () =>
      Object.keys(await bench.dump()).filter((name) => /:(m|l|h):|second|watch|retention/.test(name));

    it('takes everything of a machine with it, and leaves nothing', async () => {
      await finished(0);
      await bench.steps.fail(await bench.started(), failure('failed', { retentionMs: 0 }));
      await waitFor(() => watchdog.retire().then(async () => (await machineKeys()).length === 0), { what: 'no key left' });
    });

    it('keeps what is not over yet', async () => {
      const id = await finished(60_000);
      await watchdog.retire();
      expect(await bench.records.get(id)).toMatchObject({ status: 'completed' });
    });

    it('takes more than a batch', async () => {
      for (let i = 0; i < 105; i++) await finished(0);
      await waitFor(() => watchdog.retire().then(async () => (await machineKeys()).length === 0), { what: 'no key left' });
    });

    it('keeps one whose record is broken for an hour more, says so, and takes those behind it', async () => {
      const broken = await finished(0);
      const retention = bench.keys.retention(0);
      for (let i = 0; i < 105; i++) await bench.redis.zadd(retention, 2, await finished(0));
      await bench.redis.zadd(retention, 1, broken);
      await bench.redis.del(bench.keys.record(broken));
      await bench.redis.set(bench.keys.record(broken), 'by hand');
      await watchdog.retire();
      expect(await bench.watch.retire(0, 100)).toEqual({ dropped: 6, kept: [], more: false });
      expect(await bench.redis.zrangebyscore(retention, '-inf', '+inf')).toEqual([broken]);
      const until = Number(await bench.redis.zscore(retention, broken));
      expect(until).toBeGreaterThan((await serverTimeMs(bench.redis)) + 3_500_000);
      expect(await bench.redis.get(bench.keys.record(broken))).toBe('by hand');
      expect(warnings).toEqual([
        `machine ${broken} has ended and cannot be dropped, mend or delete it: its record is not a hash`,
      ]);
    });

    it('never takes a machine that was started again, nor its tokens (L6)', async () => {
      const id = await finished(0);
      await bench.redis.del(bench.keys.record(id));
      const claim = await bench.claim(await bench.start({ correlationId: id }));
      expect(claim.fence).toBeGreaterThan(1);
      await bench.redis.zadd(bench.keys.retention(0), 1, id);
      await watchdog.retire();
      expect(await bench.steps.renew(claim)).toBe('renewed');
      expect(await bench.redis.zcard(bench.keys.retention(0))).toBe(0);
      expect(await bench.records.get(id)).toMatchObject({ status: 'running' });
    });

    it('does not keep the sweep from its work while a lease store is away', async () => {
      if (kind === 'fused') return;
      await finished(0);
      leases.failing = true;
      const job = await bench.start();
      expect(await overdueSweep(job.correlationId)).toBe(1);
      await expect(watchdog.retire()).rejects.toThrow('told to fail');
      leases.failing = false;
      await waitFor(() => watchdog.retire().then(() => bench.redis.zcard(bench.keys.retention(0)).then((left) => left === 0)), {
        what: 'the machine is dropped',
      });
    });
  });
});
