import { childId } from '../../libs/machine/src/core/child-id';
import type { SteerAct } from '../../libs/machine/src/core/message-ports';
import type { Claim } from '../../libs/machine/src/core/ports';
import { children, EventBench } from './support/event-bench';
import { BENCHES, change, failure } from './support/store-bench';

const CLEAN: SteerAct = { kind: 'cancel', mode: 'graceful', cleanup: 'tidy', retentionMs: 60_000 };

describe.each(BENCHES)('%s', (_name, options) => {
  let bench: EventBench;
  beforeEach(() => {
    bench = new EventBench(options);
  });
  afterEach(() => bench.close());

  describe('cancel of a machine that runs', () => {
    const word: [string, (claim: Claim) => Promise<unknown>][] = [
      ['commit continue', (claim) => bench.steps.commit(claim, change('continue'))],
      ['commit completed', (claim) => bench.steps.commit(claim, change('completed'))],
      ['commit waiting', (claim) => bench.wait(claim, { take: ['go'] })],
      ['fail retry', (claim) => bench.steps.fail(claim, failure('retry'))],
      ['fail failed', (claim) => bench.steps.fail(claim, failure('failed'))],
    ];
    it.each(word)('graceful, then %s: the word is refused, once and for all, and history says so', async (_what, say) => {
      for (const clean of [false, true]) {
        const claim = await bench.claim(await bench.begin());
        const id = claim.correlationId;
        await bench.act(id, clean ? CLEAN : 'cancel', { by: 'Ada' });
        expect(await bench.steps.lookAt([claim])).toEqual(['cancel']);
        expect(await bench.records.get(id)).toMatchObject({ status: 'running', asked: 'cancel' });
        const result = (await say(claim)) as { outcome: string; job?: Claim['job'] };
        expect(result.outcome).toBe('cancelled');
        expect(await bench.records.get(id)).toMatchObject({
          status: clean ? 'queued' : 'cancelled',
          steps: 0,
          context: { a: [] },
        });
        expect(await bench.records.history(id)).toMatchObject([{ outcome: clean ? 'cancelling' : 'cancelled', by: 'Ada' }]);
        expect(result.job === undefined).toBe(!clean);
        if (!clean) continue;
        const tidy = await bench.claim(result.job as Claim['job']);
        expect(tidy).toMatchObject({ event: 'pseudo_cancel', state: 'pseudo_init', claims: 1 });
        await bench.steps.commit(tidy, change('completed', { state: 'tidy' }));
        expect(await bench.records.get(id)).toMatchObject({ status: 'cancelled', state: 'tidy' });
      }
    });

    it('graceful, then handed back: cancelled as well', async () => {
      const claim = await bench.claim(await bench.begin());
      await bench.act(claim.correlationId, CLEAN);
      expect(await bench.steps.release(claim)).toMatchObject({ steps: 0, drive: 1 });
      expect(await bench.record(claim.correlationId)).toMatchObject({ status: 'queued', event: 'pseudo_cancel' });
    });

    it.each(word)('a commit that came first stands, and the cancellation follows it: %s', async (what, say) => {
      const claim = await bench.claim(await bench.begin());
      const id = claim.correlationId;
      await say(claim);
      const before = await bench.outcomes(id);
      const result = await bench.act(id, 'cancel');
      if (what === 'commit completed') expect(result).toEqual({ outcome: 'refused', status: 'completed' });
      else if (what === 'commit continue')
        expect(await bench.records.get(id)).toMatchObject({ status: 'running', asked: 'cancel' });
      else expect(await bench.status(id)).toBe('cancelled');
      expect((await bench.outcomes(id)).slice(0, before.length)).toEqual(before);
    });

    it('now: nothing of it is taken any more', async () => {
      const claim = await bench.claim(await bench.begin());
      const id = claim.correlationId;
      await bench.act(id, 'now');
      expect(await bench.steps.lookAt([claim])).toEqual(['gone']);
      expect(await bench.steps.commit(claim, change('queued'))).toEqual({ outcome: 'stale' });
      expect(await bench.steps.fail(claim, failure('retry'))).toEqual({ outcome: 'stale' });
      expect(await bench.steps.release(claim)).toBeUndefined();
      expect(await bench.steps.note(claim, { kind: 'result', key: 'k', json: '1' })).toBe(false);
      expect(await bench.outcomes(id)).toEqual(['cancelled']);
    });

    it('graceful twice is once; now ends what cleans up', async () => {
      const id = await bench.machineThatIs('waiting');
      await bench.act(id, CLEAN);
      const before = await bench.outcomes(id);
      expect(await bench.act(id, CLEAN)).toEqual({ outcome: 'done' });
      expect(await bench.outcomes(id)).toEqual(before);
      await bench.act(id, 'now');
      expect(await bench.status(id)).toBe('cancelled');
    });

    it('one that failed to clean up can be cancelled for good, or tried again', async () => {
      for (const act of ['cancel', 'retry'] as const) {
        const id = await bench.machineThatIs('waiting');
        const { job } = (await bench.act(id, CLEAN)) as { job?: Claim['job'] };
        await bench.steps.fail(await bench.claim(job as Claim['job']), failure('failed'));
        expect(await bench.status(id)).toBe('failed');
        const again = (await bench.act(id, act)) as { job?: Claim['job'] };
        if (act === 'retry') await bench.steps.commit(await bench.claim(again.job as Claim['job']), change('completed'));
        expect(await bench.status(id)).toBe('cancelled');
      }
    });
  });

  it.each(['pause', 'cancel', 'clean'] as const)(
    'a worker that died is not followed by another where %s was asked',
    async (what) => {
      const claim = await bench.claim(await bench.begin());
      const id = claim.correlationId;
      await bench.act(id, what === 'clean' ? CLEAN : what);
      const job = { ...claim.job, rev: Number((await bench.record(id)).rev) };
      expect(await bench.steps.claim(job, 'early')).toMatchObject({ outcome: 'held' });
      await bench.expire(id);
      const result = (await bench.steps.claim(job, 'next')) as { outcome: string; redrive?: Claim['job'] };
      expect(result.outcome).toBe('duplicate');
      expect(await bench.status(id)).toBe({ pause: 'paused', cancel: 'cancelled', clean: 'queued' }[what]);
      if (what === 'clean') expect(await bench.claim(result.redrive as Claim['job'])).toMatchObject({ event: 'pseudo_cancel' });
      expect(await bench.steps.commit(claim, change('queued'))).toEqual({ outcome: 'stale' });
    },
  );

  it('a hold stops a machine before its step, and lets it go when it is taken off', async () => {
    const target = { machine: 'bench', state: 'b' };
    const { name } = await bench.holds.put(target, { by: 'Ada', why: 'maintenance' });
    expect(await bench.holds.names()).toEqual([name]);
    const claim = await bench.claim(await bench.begin());
    const id = claim.correlationId;
    expect(await bench.steps.release(claim, name)).toBeUndefined();
    expect(await bench.records.get(id)).toMatchObject({ status: 'paused', heldBy: name });
    expect(await bench.holds.all()).toMatchObject([{ name, held: 1, by: 'Ada', why: 'maintenance' }]);
    expect(await bench.holds.freed(0, 10)).toEqual([]);
    expect(await bench.holds.remove(name)).toBe(true);
    expect(await bench.holds.remove(name)).toBe(false);
    expect(await bench.holds.freed(0, 10)).toEqual([{ correlationId: id, hold: name }]);
    const result = (await bench.act(id, { kind: 'resume', hold: name })) as { job?: Claim['job'] };
    expect(await bench.claim(result.job as Claim['job'])).toMatchObject({ steps: 0, claims: 1 });
    expect(await bench.holds.freed(0, 10)).toEqual([]);
  });

  it('a hold that has been taken off still finds a machine that it stops once more before the resend of its release comes', async () => {
    const { name } = await bench.holds.put({ machine: 'bench', state: 'b' }, {});
    const claim = await bench.claim(await bench.begin());
    const id = claim.correlationId;
    await bench.steps.release(claim, name);
    await bench.holds.remove(name);
    const resume = () => bench.steering.steer(id, { kind: 'resume', hold: name }, 'once', {});
    const { job } = (await resume()) as { job?: Claim['job'] };
    await bench.steps.release(await bench.claim(job as Claim['job']), name); // by a worker that has not heard yet
    await resume();
    expect(await bench.holds.freed(0, 10)).toEqual([{ correlationId: id, hold: name }]);
  });

  it('a hold that is taken off lets nothing go that something else has stopped since', async () => {
    const claim = await bench.claim(await bench.begin());
    const id = claim.correlationId;
    await bench.steps.release(claim, 'bench');
    await bench.act(id, 'resume');
    await bench.act(id, 'pause');
    await bench.act(id, { kind: 'resume', hold: 'bench' });
    expect(await bench.records.get(id)).toMatchObject({ status: 'paused', heldBy: null });
  });

  it('children: an ended parent closes its groups, and those whose start was under way are cancelled too', async () => {
    const claim = await bench.claim(await bench.begin());
    const id = claim.correlationId;
    await bench.wait(claim, { take: ['joined'] }, { effects: children('g', 5, { limit: 3 }) });
    const [batch] = await bench.outbox.nextChildren(id, 100);
    expect(batch).toMatchObject({ group: 'g', from: 0, children: { length: 3 } });
    await bench.act(id, 'now');
    const unwanted = async () => {
      const items = await bench.outbox.read(id, 10);
      const ids = items.map(async (item) => (item.kind === 'cancel' ? bench.outbox.unwantedChildren(id, item) : [item.kind]));
      return { items, ids: (await Promise.all(ids)).flat() };
    };
    const first = await unwanted();
    // Whoever has taken the batch may have started it, and die before that is noted.
    for (const child of batch?.children.keys() ?? []) {
      expect(first.ids).toContain(childId({ correlationId: id, runId: `run-of-${id}` }, 'g', child));
    }
    await bench.outbox.settle(id, first.items);
    await bench.outbox.started(id, 'g', 3, batch!); // it lived
    await bench.outbox.settle(id, first.items); // by another pump, or again as the reply was lost
    const second = await unwanted();
    expect(second.ids).toHaveLength(3);
    await bench.outbox.settle(id, second.items);
    expect((await unwanted()).ids).toEqual([]);
    expect(await bench.outbox.nextChildren(id, 100)).toEqual([]);
  });

  it('children: what a failed parent has to tell them is looked after, too', async () => {
    const claim = await bench.claim(await bench.begin());
    const id = claim.correlationId;
    await bench.wait(claim, { take: ['go'] }, { effects: children('g', 3, { first: 1 }) });
    const [batch] = await bench.outbox.nextChildren(id, 100);
    await bench.outbox.started(id, 'g', 3, batch!);
    await bench.steps.fail(await bench.taken(id, 'go'), failure('failed'));
    expect(await bench.watchedIn(id)).toBeNull();
    const parent = { correlationId: id, runId: `run-of-${id}`, group: 'g', index: 0 };
    await bench.outbox.result(parent, 'completed', '{}', batch!); // the first is enough: the others are to be cancelled
    expect(await bench.outbox.read(id, 10)).toMatchObject([{ kind: 'cancel', group: 'g' }]);
    expect(await bench.watchedIn(id)).toBeGreaterThan(0);
  });

  it('children that outlive a parent which ended first are started, and the parent is kept no longer for it', async () => {
    const claim = await bench.claim(await bench.begin());
    const id = claim.correlationId;
    await bench.steps.commit(claim, change('completed', { effects: children('g', 2, { outlive: true }) }));
    expect(await bench.keptUntil(id)).toBeNull();
    const [batch] = await bench.outbox.nextChildren(id, 100);
    expect(batch).toMatchObject({ children: { length: 2 } });
    await bench.outbox.started(id, 'g', 2, batch!);
    expect(await bench.keptUntil(id)).not.toBeNull();
    expect(await bench.watchedIn(id)).toBeNull();
  });
});
