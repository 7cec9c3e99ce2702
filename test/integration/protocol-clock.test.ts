import type { Claim } from '../../libs/machine/src/core/ports';
import { EventBench } from './support/event-bench';
import { BENCHES, change, failure } from './support/store-bench';

describe.each(BENCHES)('%s', (_name, options) => {
  let bench: EventBench;
  beforeEach(() => {
    bench = new EventBench(options);
  });
  afterEach(() => bench.close());

  const inboxOf = async (id: string) => ((await bench.inbox.list(id)) ?? []).map(({ event }) => event);

  describe('the clock', () => {
    it('fires a timer once, with a job of its own, and not before it is due', async () => {
      const id = await bench.waiting({ take: ['expired'], after: { 50_000: 'expired' } });
      await bench.makeOverdue(id);
      expect(await bench.sweep()).toMatchObject({ fired: [], drive: [] });
      expect(await bench.watchedIn(id)).toBeGreaterThan(40_000);
      await bench.pass(id, ['timers']);
      const job = await bench.fires(id);
      expect(job).toMatchObject({ steps: 1, drive: 1 });
      await bench.makeOverdue(id);
      expect((await bench.sweep()).fired).toEqual([]);
      expect(await bench.claim(job)).toMatchObject({ event: 'expired', state: 'b' });
    });

    const deadline = { afterMs: 50_000, event: 'late' };
    it('sends the deadline’s event to a machine that waits', async () => {
      const id = await bench.waiting({ take: ['late'] }, { deadline });
      await bench.makeOverdue(id);
      expect((await bench.sweep()).fired).toEqual([]);
      await bench.pass(id, ['deadline']);
      expect(await bench.claim(await bench.fires(id))).toMatchObject({ event: 'late' });
      expect(await bench.records.get(id)).toMatchObject({ deadlineAt: null });
    });

    it.each(['queued', 'delayed'] as const)('keeps it once, before all else, for one that is %s', async (status) => {
      const delayMs = status === 'delayed' ? 90_000 : 0;
      const { correlationId: id } = await bench.begin({ deadline, request: { machine: 'bench', delayMs } });
      await bench.send(id, 'early');
      await bench.pass(id, ['deadline']);
      for (let i = 0; i < 3; i++) {
        await bench.sweep();
        await bench.makeOverdue(id);
      }
      expect(await bench.status(id)).toBe(status);
      expect(await inboxOf(id)).toEqual(['late', 'early']);
      expect(await bench.records.get(id)).toMatchObject({ inbox: 2, deadlineAt: null });
    });

    it('brings a deadline that passed while a step ran before what is in the inbox', async () => {
      const claim = await bench.claim(await bench.begin({ deadline }));
      await bench.send(claim.correlationId, 'early');
      await bench.pass(claim.correlationId, ['deadline']);
      await bench.wait(claim, { take: ['early', 'late'] });
      expect(await bench.record(claim.correlationId)).toMatchObject({ status: 'queued', event: 'late', inbox: '1' });
    });

    it('lets the deadline win over an event that came after it', async () => {
      const id = await bench.waiting({ take: ['paid', 'late'] }, { deadline });
      await bench.pass(id, ['deadline']);
      expect(await bench.send(id, 'paid')).toMatchObject({ outcome: 'kept', job: { drive: 1 } });
      expect(await bench.record(id)).toMatchObject({ event: 'late' });
    });

    it('does nothing to a machine that is paused or over, however often it is looked at', async () => {
      const paused = await bench.waiting({ take: ['late', 'x'], after: { 50_000: 'x' } }, { deadline });
      await bench.act(paused, 'pause');
      const over = await bench.claim(await bench.begin({ deadline }));
      await bench.steps.commit(
        over,
        change('completed', { effects: { messages: [{ to: 'x', event: 'e', data: '' }], groups: [] } }),
      );
      for (const id of [paused, over.correlationId]) {
        await bench.pass(id, ['deadline']);
        const before = await bench.record(id);
        for (let i = 0; i < 2; i++) {
          await bench.redis.zadd(bench.keys.watch(0), 1, id);
          expect((await bench.sweep()).fired).toEqual([]);
        }
        expect(await bench.record(id)).toEqual(before);
        expect(await inboxOf(id)).toEqual([]);
      }
      const { job } = (await bench.act(paused, 'resume')) as { job?: Claim['job'] };
      expect(await bench.claim(job as Claim['job'])).toMatchObject({ event: 'late' });
    });

    it.each(['waiting', 'delayed', 'queued'] as const)('drives a %s machine whose deadline fails it', async (status) => {
      const fails = { deadline: { afterMs: 50_000 } };
      const id =
        status === 'waiting'
          ? await bench.waiting({ take: ['x'] }, fails)
          : (await bench.begin({ ...fails, request: { machine: 'bench', delayMs: status === 'delayed' ? 90_000 : 0 } }))
              .correlationId;
      await bench.pass(id, ['deadline']);
      const job = status === 'queued' ? { ...(await bench.jobOf(id)), rev: 0 } : await bench.fires(id);
      const claim = await bench.claim(job);
      expect(claim.deadlineAt).toBeLessThanOrEqual(claim.now);
      expect(claim.lateEvent).toBeUndefined();
      await bench.steps.fail(claim, failure('failed'));
      expect(await bench.status(id)).toBe('failed');
      expect(await bench.watchedIn(id)).toBeNull();
    });
  });
});
