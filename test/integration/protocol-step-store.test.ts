import type { Claim, ClaimResult } from '../../libs/machine/src/core/ports';
import { dropKeys } from './support/dump-keys';
import { BENCHES, change, failure, StoreBench, TTL_MS } from './support/store-bench';

/** Later than any token counted up from 1: one that jumped to server time in µs. */
const JUMPED = Date.parse('2020-01-01') * 1000;

describe.each(BENCHES)('%s', (_name, options) => {
  let bench: StoreBench;
  beforeEach(() => {
    bench = new StoreBench(options);
  });
  afterEach(() => bench.close());

  describe('claim', () => {
    it('gives what is needed to run the step, context untouched', async () => {
      const job = await bench.start();
      expect(await bench.claim(job, 'n')).toMatchObject({
        correlationId: job.correlationId,
        nonce: 'n',
        fence: 1,
        steps: 0,
        retries: 0,
        maxRetries: 5,
        machine: 'bench',
        version: 1,
        queue: 'machines',
        runId: `run-of-${job.correlationId}`,
        state: 'pseudo_init',
        event: 'pseudo_init',
        context: '{"a":[]}',
        claims: 1,
      });
      expect(await bench.record(job.correlationId)).toMatchObject({ status: 'running', worker: 'bench', fence: '1', nonce: 'n' });
    });

    it('hands out 1, 2, 3 …, whether the lease before was released, expired or committed', async () => {
      const first = await bench.started();
      const released = await bench.steps.release(first);
      const second = await bench.claim(released ?? first.job);
      await bench.expire(second.correlationId);
      const third = await bench.claim(second.job);
      const fourth = await bench.claim(await bench.commit(third));
      expect([first, second, third, fourth].map(({ fence }) => fence)).toEqual([1, 2, 3, 4]);
    });

    it('answers its own nonce as before, and another one with held', async () => {
      const job = await bench.start();
      const first = await bench.claim(job, 'mine');
      const again = await bench.changesNothing(() => bench.claim(job, 'mine'));
      expect({ ...again, sentAt: 0, now: 0 }).toEqual({ ...first, sentAt: 0, now: 0 });
      const other = await bench.changesNothing(() => bench.steps.claim(job, 'other'));
      expect(other).toEqual({ outcome: 'held', leftMs: expect.any(Number) as number });
      const { leftMs } = other as ClaimResult & { outcome: 'held' };
      expect(leftMs).toBeGreaterThan(TTL_MS - 10_000);
      expect(leftMs).toBeLessThanOrEqual(TTL_MS);
    });

    it('is early before the due time, by server time', async () => {
      const job = await bench.start({ delayMs: 50_000 });
      const result = await bench.changesNothing(() => bench.steps.claim(job, 'n'));
      expect(result).toEqual({ outcome: 'early', delayMs: expect.any(Number) as number });
      expect((result as { delayMs: number }).delayMs).toBeGreaterThan(40_000);
      await bench.setRecord(job.correlationId, { due: 1 });
      expect((await bench.claim(job)).fence).toBe(1);
    });

    it('drops an older job, and drives what the record waits for', async () => {
      const claim = await bench.started();
      const next = await bench.commit(claim);
      expect(await bench.changesNothing(() => bench.steps.claim(claim.job, 'late'))).toEqual({
        outcome: 'duplicate',
        redrive: next,
      });
      const retry = await bench.fail(await bench.claim(next));
      expect(retry).toMatchObject({ steps: 1, retries: 1 });
      expect(await bench.changesNothing(() => bench.steps.claim(next, 'late'))).toEqual({ outcome: 'duplicate', redrive: retry });
    });

    it('drops an older job of a machine that waits for no job, and drives nothing', async () => {
      for (const next of ['waiting', 'completed'] as const) {
        const claim = await bench.started();
        await bench.steps.commit(claim, change(next));
        const old = await bench.changesNothing(() => bench.steps.claim(claim.job, 'late'));
        expect(old).toEqual({ outcome: 'duplicate' });
        const same = await bench.changesNothing(() => bench.steps.claim({ ...claim.job, steps: 1 }, 'late'));
        expect(same).toEqual({ outcome: 'duplicate' });
      }
    });

    it('never raises the fence of a running step for a stale duplicate (C2)', async () => {
      const first = await bench.started();
      const second = await bench.commitOn(first);
      const late = await bench.changesNothing(() => bench.steps.claim(first.job, 'late'));
      expect(late).toEqual({ outcome: 'duplicate' });
      // Not even when its lease is over: the step may still commit.
      await bench.expire(first.correlationId);
      expect(await bench.changesNothing(() => bench.steps.claim(first.job, 'late'))).toEqual({ outcome: 'duplicate' });
      expect(await bench.steps.commit(second, change('waiting'))).toMatchObject({ outcome: 'committed' });
    });

    it('drops a job of another machine or version as a duplicate, and drives the record', async () => {
      const job = await bench.start();
      for (const wrong of [{ machine: 'another' }, { version: 2 }]) {
        const result = await bench.changesNothing(() => bench.steps.claim({ ...job, ...wrong }, 'n'));
        expect(result).toEqual({ outcome: 'duplicate', redrive: job });
      }
    });

    it('refuses a job ahead of its record, and drives what the record waits for', async () => {
      const job = await bench.start();
      for (const ahead of [{ steps: 3 }, { retries: 1 }]) {
        const result = await bench.changesNothing(() => bench.steps.claim({ ...job, ...ahead }, 'n'));
        expect(result).toEqual({ outcome: 'future', redrive: job });
      }
      await bench.steps.commit(await bench.claim(job), change('waiting'));
      expect(await bench.steps.claim({ ...job, steps: 9 }, 'n')).toEqual({ outcome: 'future' });
    });

    it('is missing where there is no record', async () => {
      const job = { ...(await bench.start()), correlationId: 'nobody' };
      expect(await bench.changesNothing(() => bench.steps.claim(job, 'n'))).toEqual({ outcome: 'missing' });
    });

    const whole = ['steps', 'retries', 'fence', 'drive', 'claims', 'due', 'version', 'drives'];
    const broken: [string, Record<string, string>][] = [
      ['an unknown status', { status: 'dancing' }],
      ...whole.flatMap((field): [string, Record<string, string>][] => [
        [`${field} that is no number`, { [field]: 'x' }],
        [`a negative ${field}`, { [field]: '-1' }],
        [`${field} past 2^53`, { [field]: '99999999999999999999' }],
      ]),
    ];
    it.each(broken)('is garbage with %s', async (_what, fields) => {
      const job = await bench.start();
      await bench.setRecord(job.correlationId, fields);
      const result = await bench.changesNothing(() => bench.steps.claim(job, 'n'));
      expect(result).toEqual({ outcome: 'garbage', reason: expect.stringMatching(/./) as string });
      expect(await bench.watch.quarantine(job.correlationId, 'why')).toBe(true);
      expect(await bench.watchedIn(job.correlationId)).toBeNull();
    });

    it.each(['status', 'steps', 'fence', 'machine', 'version', 'queue', 'run'])('is garbage without %s', async (field) => {
      const job = await bench.start();
      await bench.redis.hdel(bench.keys.record(job.correlationId), field);
      const result = await bench.changesNothing(() => bench.steps.claim(job, 'n'));
      expect(result).toEqual({ outcome: 'garbage', reason: expect.stringMatching(/./) as string });
      expect(await bench.watch.quarantine(job.correlationId, 'why')).toBe(true);
    });

    it('is garbage where the record is no hash, or holds other fields', async () => {
      const job = await bench.start();
      const key = bench.keys.record(job.correlationId);
      await bench.redis.set(key, 'text');
      expect(await bench.steps.claim(job, 'n')).toEqual({ outcome: 'garbage', reason: 'the record is not a hash' });
      expect(await bench.watch.quarantine(job.correlationId, 'why')).toBe(true);
      expect(await bench.redis.get(key)).toBe('text');
      await bench.redis.del(key);
      await bench.redis.hset(key, 'hello', 'world');
      expect(await bench.steps.claim(job, 'n')).toMatchObject({ outcome: 'garbage' });
    });

    it('counts claims that ended in nothing (C4): commit, fail and release end in something', async () => {
      const first = await bench.started();
      const id = first.correlationId;
      await bench.expire(id);
      const second = await bench.claim(first.job);
      expect([first.claims, second.claims]).toEqual([1, 2]);
      const third = await bench.claim((await bench.steps.release(second)) ?? second.job);
      expect(third.claims).toBe(2);
      const fourth = await bench.claim(await bench.fail(third));
      expect(fourth.claims).toBe(1);
      const fifth = await bench.commitOn(fourth);
      expect(fifth.claims).toBe(1);
      await bench.expire(id);
      const sixth = await bench.claim(await bench.jobOf(id));
      expect(sixth.claims).toBe(2);
      expect((await bench.claim(await bench.commit(sixth))).claims).toBe(1);
    });

    it('is refused, and not counted, where it would be the claim that the worker may not make (C4)', async () => {
      const first = await bench.started();
      await bench.expire(first.correlationId);
      expect(await bench.steps.claim(first.job, 'crowded', 2)).toEqual({ outcome: 'crowded' });
      expect((await bench.claim(first.job)).claims).toBe(2);
    });

    it('jumps to server time when the server has become another one (L3), and counts on from there', async () => {
      const first = await bench.started();
      await bench.expire(first.correlationId);
      await bench.changeIdentity(first.correlationId);
      const second = await bench.claim(first.job);
      expect(second.fence).toBeGreaterThan(JUMPED);
      expect((await bench.claim(await bench.commit(second))).fence).toBe(second.fence + 1);
    });

    it('jumps where the very first grant was lost with the tail of the server that started the machine (L3)', async () => {
      const job = await bench.start();
      const [record, lease] = [bench.keys.record(job.correlationId), bench.leaseKeys.lease(job.correlationId)];
      const before = await bench.redis.hgetall(record);
      const lost = await bench.claim(job);
      expect(lost.fence).toBe(1);
      await bench.redis.multi().del(record, lease).hset(record, before).hset(record, 'server', 'another').exec();
      const second = await bench.claim(job);
      expect(second.fence).toBeGreaterThan(JUMPED);
      expect((await bench.claim(await bench.commit(second))).fence).toBe(second.fence + 1);
    });

    it('never hands a token out twice, even where the leases are lost altogether', async () => {
      const second = await bench.commitOn(await bench.started());
      await bench.redis.del(bench.leaseKeys.lease(second.correlationId));
      const third = await bench.claim(second.job);
      expect(third.fence).toBeGreaterThan(second.fence);
      expect(await bench.steps.commit(second, change('queued'))).toEqual({ outcome: 'stale' });
    });
  });

  describe('commit', () => {
    it('queued: moves on, clears retries and error, keeps history, releases', async () => {
      const claim = await bench.claim(await bench.fail(await bench.started()));
      const id = claim.correlationId;
      expect((await bench.record(id)).error).toBeDefined();
      const result = await bench.steps.commit(claim, change('queued', { context: '{"list":[],"big":12345678901234567890}' }));
      const job = { steps: 1, rev: 0, retries: 0, drive: 0, delayMs: 0, machine: 'bench', version: 1, queue: 'machines' };
      expect(result).toEqual({ outcome: 'committed', next: 'queued', job: { correlationId: id, ...job } });
      const record = await bench.record(id);
      expect(record).toMatchObject({
        status: 'queued',
        state: 'b',
        event: 'go',
        steps: '1',
        retries: '0',
        fence: '2',
        claims: '0',
      });
      expect(record.context).toBe('{"list":[],"big":12345678901234567890}');
      expect(record.error).toBeUndefined();
      expect(await bench.records.history(id)).toHaveLength(2);
      expect(await bench.leases.renew(id, 2, TTL_MS)).toEqual({ outcome: 'lost' });
    });

    it('delayed, waiting, completed', async () => {
      const delayed = await bench.started();
      const result = await bench.steps.commit(delayed, change('delayed', { delayMs: 5000 }));
      expect(result).toMatchObject({ next: 'delayed', job: { steps: 1, delayMs: 5000 } });
      const waiting = await bench.started();
      expect(await bench.steps.commit(waiting, change('waiting'))).toEqual({ outcome: 'committed', next: 'waiting' });
      const completed = await bench.started();
      expect(await bench.steps.commit(completed, change('completed'))).toEqual({ outcome: 'committed', next: 'completed' });
      const view = await bench.records.get(completed.correlationId);
      expect(view).toMatchObject({ status: 'completed', finishedAt: expect.stringContaining('T') as string, context: { b: 1 } });
    });

    it('continue: advances to the next token, and the old one may write no more', async () => {
      const first = await bench.started();
      const second = await bench.commitOn(first);
      expect(second).toMatchObject({ fence: 2, steps: 1, retries: 0, state: 'b', event: 'go', context: '{"b":1}', claims: 1 });
      expect(second.job).toMatchObject({ steps: 1, retries: 0 });
      expect(await bench.record(first.correlationId)).toMatchObject({ status: 'running', steps: '1' });
      expect(await bench.steps.renew(first)).toBe('lost');
      expect(await bench.steps.renew(second)).toBe('renewed');
      expect(await bench.changesNothing(() => bench.steps.release(first))).toBeUndefined();
      const third = await bench.commitOn(second);
      expect(third).toMatchObject({ fence: 3, steps: 2 });
      expect(await bench.steps.fail(third, failure('retry'))).toMatchObject({ job: { steps: 2, retries: 1 } });
    });

    it('continue becomes queued when the lease has expired and cannot be advanced (L4)', async () => {
      const claim = await bench.started();
      const id = claim.correlationId;
      await bench.expire(id);
      const result = await bench.steps.commit(claim, change('continue'));
      expect(result).toMatchObject({ outcome: 'committed', next: 'queued', job: { steps: 1, retries: 0 } });
      expect(await bench.record(id)).toMatchObject({ status: 'queued', steps: '1' });
      expect(await bench.watchedIn(id)).toBeGreaterThan(0);
      const next = await bench.claim((result as { job: Claim['job'] }).job);
      expect(next.claims).toBe(1);
      expect(next.fence).toBeGreaterThan(claim.fence);
    });

    it.each(['continue', 'queued', 'completed', 'waiting', 'fail'] as const)(
      'on another server than the claim was granted by (%s): nothing is committed, the step is handed back and made again',
      async (word) => {
        const claim = await bench.started();
        const id = claim.correlationId;
        await bench.failOver(id);
        const said = word === 'fail' ? bench.steps.fail(claim, failure('retry')) : bench.steps.commit(claim, change(word));
        const result = await said;
        expect(result).toMatchObject({ outcome: 'moved', job: { steps: 0, retries: 0, drive: 1 } });
        expect(await bench.record(id)).toMatchObject({ status: 'queued', steps: '0', retries: '0', fence: '1', claims: '0' });
        expect(await bench.records.history(id)).toEqual([]);
        const next = await bench.claim((result as { job: Claim['job'] }).job);
        expect(next.claims).toBe(1);
        expect(next.fence).toBeGreaterThan(JUMPED);
        expect((await bench.commitOn(next)).steps).toBe(1);
      },
    );

    it('a worker that was overtaken does not commit where a failover has lost the commit of its successor', async () => {
      const first = await bench.started();
      const id = first.correlationId;
      const replicated = await bench.record(id);
      await bench.expire(id);
      const second = await bench.claim(first.job, 'second');
      expect(await bench.steps.commit(second, change('queued'))).toMatchObject({ outcome: 'committed' });
      // The replica had not got further than the first claim.
      await bench.redis.del(bench.keys.record(id), bench.keys.history(id));
      await bench.setRecord(id, replicated);
      await bench.failOver(id);
      expect(await bench.steps.commit(first, change('queued'))).toMatchObject({ outcome: 'moved' });
      expect(await bench.record(id)).toMatchObject({ steps: '0' });
      const third = await bench.claim(await bench.jobOf(id), 'third');
      expect(third.fence).toBeGreaterThan(second.fence);
    });

    it('is answered as before when it is repeated, and done once', async () => {
      for (const next of ['queued', 'delayed', 'waiting', 'completed', 'continue'] as const) {
        const claim = await bench.started();
        const first = await bench.steps.commit(claim, change(next));
        const again = await bench.changesNothing(() => bench.steps.commit(claim, change(next)));
        const timeless = (result: object) => ({
          ...result,
          claim: { ...(result as { claim?: Claim }).claim, sentAt: 0, now: 0 },
        });
        expect(timeless(again)).toEqual(timeless(first));
      }
    });

    it('is taken after the lease expired as long as nobody else came', async () => {
      const claim = await bench.started();
      await bench.expire(claim.correlationId);
      expect(await bench.steps.commit(claim, change('waiting'))).toEqual({ outcome: 'committed', next: 'waiting' });
    });
  });

  describe('fail', () => {
    it('retry: one more, later, state and context as they were', async () => {
      const claim = await bench.started();
      const id = claim.correlationId;
      const result = await bench.steps.fail(claim, failure('retry', { delayMs: 7000 }));
      const job = {
        correlationId: id,
        steps: 0,
        retries: 1,
        rev: 0,
        drive: 0,
        delayMs: 7000,
        machine: 'bench',
        version: 1,
        queue: 'machines',
      };
      expect(result).toEqual({ outcome: 'failed', next: 'retry', job });
      const view = await bench.records.get(id);
      expect(view).toMatchObject({ status: 'delayed', state: 'pseudo_init', retries: 1, context: { a: [] } });
      expect(view?.error).toEqual({ code: 'BOOM', message: 'boom' });
      expect(await bench.leases.renew(id, 1, TTL_MS)).toEqual({ outcome: 'lost' });
    });

    it('failed: for good, with everything kept', async () => {
      const claim = await bench.started();
      expect(await bench.steps.fail(claim, failure('failed'))).toEqual({ outcome: 'failed', next: 'failed' });
      const view = await bench.records.get(claim.correlationId);
      expect(view).toMatchObject({ status: 'failed', retries: 0, context: { a: [] }, error: { code: 'BOOM' } });
      expect(view?.finishedAt).not.toBeNull();
    });

    it('is answered as before when it is repeated, and done once', async () => {
      for (const next of ['retry', 'failed'] as const) {
        const claim = await bench.started();
        const first = await bench.steps.fail(claim, failure(next));
        if (first.outcome !== 'failed') throw new Error(`the failure was answered ${first.outcome}`);
        expect(await bench.changesNothing(() => bench.steps.fail(claim, failure(next)))).toEqual(first);
        // When the retry has been taken meanwhile it waits for no job any more.
        if (first.job) await bench.claim(first.job);
        expect(await bench.changesNothing(() => bench.steps.fail(claim, failure(next)))).toEqual({ outcome: 'failed', next });
      }
    });

    it('wants retries to match too (K2)', async () => {
      const claim = await bench.started();
      expect(await bench.changesNothing(() => bench.steps.fail({ ...claim, retries: 1 }, failure('retry')))).toEqual({
        outcome: 'stale',
      });
    });
  });

  describe('release', () => {
    it('hands the claim back under a new job id, no retry spent', async () => {
      const claim = await bench.started();
      const job = await bench.steps.release(claim);
      expect(job).toMatchObject({ steps: 0, retries: 0, drive: 1, delayMs: 0 });
      expect(await bench.record(claim.correlationId)).toMatchObject({ status: 'queued', claims: '0', retries: '0' });
      expect(await bench.changesNothing(() => bench.steps.release(claim))).toEqual(job);
      expect((await bench.claim(job ?? claim.job)).fence).toBe(2);
    });
  });

  it('holds the reference table: happy path', async () => {
    const seen: Claim[] = [await bench.started()];
    for (let i = 0; i < 3; i++) seen.push(await bench.claim(await bench.commit(seen[i] as Claim)));
    expect(seen.map(({ steps, retries, fence }) => [steps, retries, fence])).toEqual([
      [0, 0, 1],
      [1, 0, 2],
      [2, 0, 3],
      [3, 0, 4],
    ]);
  });

  it.each(['resting', 'sticky'] as const)('holds the reference table: step 1 fails twice, %s', async (how) => {
    const go = async (claim: Claim) => (how === 'sticky' ? bench.commitOn(claim) : bench.claim(await bench.commit(claim)));
    const first = await bench.started();
    const second = await go(first);
    const third = await bench.claim(await bench.fail(second));
    const fourth = await bench.claim(await bench.fail(third));
    const fifth = await go(fourth);
    const seen = [first, second, third, fourth, fifth];
    expect(seen.map(({ steps }) => steps)).toEqual([0, 1, 1, 1, 2]);
    expect(seen.map(({ retries }) => retries)).toEqual([0, 0, 1, 2, 0]);
    expect(seen.map(({ fence }) => fence)).toEqual([1, 2, 3, 4, 5]);
    for (const late of [second.job, third.job]) {
      const result = await bench.changesNothing(() => bench.steps.claim(late, 'late'));
      expect(result.outcome).toBe('duplicate');
    }
  });

  it('takes a word only under the very nonce that was granted, even with fence and step right (K1)', async () => {
    // A lease in another store knows its holder by step and fence; what the nonce protects is the record.
    const changesNoRecord = async <T>(run: () => Promise<T>): Promise<T> => {
      const ofRecords = async () => Object.entries(await bench.dump()).filter(([name]) => !name.includes(':l:'));
      const before = await ofRecords();
      const result = await run();
      expect(await ofRecords()).toEqual(before);
      return result;
    };
    const forged = { ...(await bench.started()), nonce: 'forged' };
    for (const next of ['queued', 'continue', 'completed'] as const) {
      expect(await changesNoRecord(() => bench.steps.commit(forged, change(next)))).toEqual({ outcome: 'stale' });
    }
    for (const next of ['retry', 'failed'] as const) {
      expect(await changesNoRecord(() => bench.steps.fail(forged, failure(next)))).toEqual({ outcome: 'stale' });
    }
    expect(await changesNoRecord(() => bench.steps.release(forged))).toBeUndefined();
  });

  it('takes no word under a lower fence, even with nonce and step right (K1)', async () => {
    const third = await bench.commitOn(await bench.commitOn(await bench.started()));
    for (const next of ['queued', 'continue'] as const) {
      const result = await bench.changesNothing(() => bench.steps.commit({ ...third, fence: 1 }, change(next)));
      expect(result).toEqual({ outcome: 'stale' });
    }
  });

  it('takes no word of an earlier run, whatever its token: a start that a failover has lost is made again', async () => {
    const { job, correlationId: id } = await bench.started();
    await bench.expire(id);
    const second = await bench.claim(job);
    await dropKeys(bench.redis, bench.prefix);
    const anew = await bench.claim(await bench.start({ correlationId: id }, 'another-run'));
    expect([second.fence, anew.fence]).toEqual([2, 1]);
    const refused = async () => {
      for (const next of ['queued', 'continue', 'waiting'] as const) {
        const result = await bench.changesNothing(() => bench.steps.commit(second, change(next)));
        expect([next, result]).toEqual([next, { outcome: 'stale' }]);
      }
      expect(await bench.changesNothing(() => bench.steps.fail(second, failure('retry')))).toEqual({ outcome: 'stale' });
      expect(await bench.changesNothing(() => bench.steps.release(second))).toBeUndefined();
      const note = { kind: 'result', key: 'k', json: '1' } as const;
      expect(await bench.changesNothing(() => bench.steps.note(second, note))).toBe(false);
    };
    await refused();
    await bench.commit(await bench.commitOn(anew)); // the last one under the very token of the claim that was lost
    expect(await bench.record(id)).toMatchObject({ committed: '2' });
    await refused();
  });

  describe('a stale writer', () => {
    const another = async (old: Claim) => {
      await bench.expire(old.correlationId);
      return bench.claim(old.job);
    };
    const movedOn: Record<string, (old: Claim) => Promise<unknown>> = {
      'another runs it': another,
      'another has committed and rests': async (old) => bench.commit(await another(old)),
      'another has committed and goes on': async (old) => bench.commitOn(await another(old)),
      'another has committed and waits': async (old) => bench.steps.commit(await another(old), change('waiting')),
      'another has finished it': async (old) => bench.steps.commit(await another(old), change('completed')),
      'another has failed': async (old) => bench.fail(await another(old)),
      'another has failed and runs it again': async (old) => bench.claim(await bench.fail(await another(old))),
      'another has failed it for good': async (old) => bench.steps.fail(await another(old), failure('failed')),
      'another has handed it back': async (old) => bench.steps.release(await another(old)),
      'it is quarantined': async (old) => bench.watch.quarantine(old.correlationId, 'why', await another(old)),
      'it is deleted': async ({ correlationId: id }) => bench.redis.del(bench.keys.record(id), bench.leaseKeys.lease(id)),
    };
    const mutations: Record<string, (old: Claim) => Promise<unknown>> = {
      'commit queued': (old) => bench.steps.commit(old, change('queued')),
      'commit continue': (old) => bench.steps.commit(old, change('continue')),
      'commit completed': (old) => bench.steps.commit(old, change('completed')),
      'fail retry': (old) => bench.steps.fail(old, failure('retry')),
      'fail failed': (old) => bench.steps.fail(old, failure('failed')),
      release: (old) => bench.steps.release(old),
      renew: (old) => bench.steps.renew(old),
    };
    const refusals = (mutation: string, moved: string): unknown => {
      if (mutation === 'renew') return 'lost';
      if (mutation === 'release') return undefined;
      return { outcome: moved === 'it is deleted' ? 'missing' : 'stale' };
    };
    const cases = Object.keys(movedOn).flatMap((moved) => Object.keys(mutations).map((mutation) => [mutation, moved] as const));
    it.each(cases)('cannot %s when %s', async (mutation, moved) => {
      const old = await bench.started();
      await movedOn[moved]?.(old);
      const result = await bench.changesNothing(async () => mutations[mutation]?.(old));
      expect(result).toEqual(refusals(mutation, moved));
    });
  });
});
