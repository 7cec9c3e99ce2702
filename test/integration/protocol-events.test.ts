import type { Claim } from '../../libs/machine/src/core/ports';
import { serverTimeMs } from '../support/redis';
import { EventBench, rest } from './support/event-bench';
import { BENCHES, change } from './support/store-bench';

describe.each(BENCHES)('%s', (_name, options) => {
  let bench: EventBench;
  beforeEach(() => {
    bench = new EventBench(options);
  });
  afterEach(() => bench.close());

  const inboxOf = async (id: string) => ((await bench.inbox.list(id)) ?? []).map(({ event }) => event);

  describe('deliver', () => {
    it('is taken where the machine waits for it: the step gets event and data, under a job id of its own', async () => {
      const id = await bench.waiting({ take: ['paid'] });
      const result = await bench.send(id, 'paid', 'one', '{"list":[],"big":12345678901234567890}');
      expect(result).toMatchObject({ outcome: 'taken', job: { steps: 1, retries: 0, drive: 1, delayMs: 0 } });
      expect(await bench.watchedIn(id)).toBeGreaterThan(0);
      const claim = await bench.claim((result as { job: Claim['job'] }).job);
      expect(claim).toMatchObject({ state: 'b', event: 'paid', data: '{"list":[],"big":12345678901234567890}', more: true });
      expect(await bench.send(id, 'paid', 'one')).toEqual({ outcome: 'duplicate' });
    });

    it('is kept where no state takes it yet, whatever the machine does', async () => {
      const queued = await bench.begin();
      expect(await bench.send(queued.correlationId, 'early')).toEqual({ outcome: 'kept' });
      const delayed = await bench.begin({ request: { machine: 'bench', delayMs: 60_000 } });
      expect(await bench.send(delayed.correlationId, 'early')).toEqual({ outcome: 'kept' });
      const running = await bench.started();
      expect(await bench.send(running.correlationId, 'early')).toEqual({ outcome: 'kept' });
      const waiting = await bench.waiting({ take: ['late'] });
      expect(await bench.send(waiting, 'early')).toEqual({ outcome: 'kept' });
      const paused = await bench.waiting({ take: ['early'] });
      await bench.act(paused, 'pause');
      expect(await bench.send(paused, 'early')).toEqual({ outcome: 'kept' });
      for (const { correlationId } of [queued, delayed, running, { correlationId: waiting }, { correlationId: paused }]) {
        expect(await inboxOf(correlationId)).toEqual(['early']);
        expect(await bench.records.get(correlationId)).toMatchObject({ inbox: 1 });
      }
    });

    it('is ignored or refused as the state says', async () => {
      const id = await bench.waiting({ take: ['paid'], ignore: ['noise'], reject: ['bad'] });
      expect(await bench.send(id, 'noise')).toEqual({ outcome: 'ignored' });
      expect(await bench.changesNothing(() => bench.send(id, 'bad'))).toEqual({ outcome: 'rejected', state: 'b' });
      expect(await inboxOf(id)).toEqual([]);
      expect(await bench.status(id)).toBe('waiting');
    });

    it('is full at the limit, and changes nothing then', async () => {
      const id = await bench.waiting({ take: ['paid'] }, { inboxLimit: 2 });
      for (const dedupe of ['x', 'y']) expect(await bench.send(id, 'early', dedupe)).toEqual({ outcome: 'kept' });
      expect(await bench.changesNothing(() => bench.send(id, 'early', 'z'))).toEqual({ outcome: 'full', limit: 2 });
      expect(await bench.send(id, 'early', 'x')).toEqual({ outcome: 'duplicate' });
      expect(await bench.send(id, 'paid')).toMatchObject({ outcome: 'taken' }); // needs no room
    });

    it('is listed as far as is wanted, the oldest first, and one in any case', async () => {
      const id = await bench.waiting({ take: ['paid'] });
      const stored = Array.from({ length: 70 }, (_, i) => `${i} 0 e-${i} "${'x'.repeat(100)}"`);
      await bench.redis.rpush(bench.keys.inbox(id), ...stored);
      const within = async (bytes?: number) => (await bench.inbox.list(id, bytes))?.map(({ event }) => event) ?? [];
      const all = Array.from({ length: 70 }, (_, i) => `e-${i}`);
      expect(await within()).toEqual(all);
      expect(await within(1_000_000)).toEqual(all);
      expect(await within(1)).toEqual(['e-0']);
      const some = await within(1000);
      expect(some).toEqual(all.slice(0, some.length));
      expect(some.length).toBeGreaterThan(4);
      expect(some.length).toBeLessThan(10);
      expect((await within(6000)).length).toBeGreaterThan(40); // more than are read at a time
    });

    it('is ended at a machine that is over, and missing where there is none', async () => {
      const claim = await bench.started();
      await bench.steps.commit(claim, change('completed'));
      expect(await bench.changesNothing(() => bench.send(claim.correlationId, 'paid'))).toEqual({
        outcome: 'ended',
        status: 'completed',
      });
      expect(await bench.changesNothing(() => bench.send('nobody', 'paid'))).toEqual({ outcome: 'missing' });
    });

    it('knows a message by its sender’s run and number: lower ones are duplicates, other runs are not', async () => {
      const id = await bench.waiting({ take: ['other'] });
      const server = await bench.identity(id);
      const from = (run: string, number: number) => bench.send(id, 'hello', { kind: 'message', run, number, server });
      expect(await from('r1', 100_000)).toEqual({ outcome: 'kept' });
      expect(await from('r1', 100_001)).toEqual({ outcome: 'kept' });
      for (const number of [100_000, 100_001, 7]) expect(await from('r1', number)).toEqual({ outcome: 'duplicate' });
      expect(await from('r2', 0)).toEqual({ outcome: 'kept' });
      expect(await inboxOf(id)).toHaveLength(3);
    });

    it('a timer that was due before the event came wins, and the event is kept', async () => {
      const id = await bench.waiting({ take: ['paid', 'expired'], after: { 50_000: 'expired' } });
      await bench.pass(id, ['timers']);
      const result = await bench.send(id, 'paid');
      expect(result).toMatchObject({ outcome: 'kept', job: { drive: 1 } });
      expect(await bench.claim((result as { job: Claim['job'] }).job)).toMatchObject({ event: 'expired' });
      expect(await inboxOf(id)).toEqual(['paid']);
    });

    it('an event that came before the timer was due wins, and the timer fires no more', async () => {
      const id = await bench.waiting({ take: ['paid', 'expired'], after: { 50_000: 'expired' } });
      const claim = await bench.taken(id, 'paid');
      await bench.pass(id, ['timers']);
      expect((await bench.sweep()).fired).toEqual([]);
      await bench.wait(claim, { take: ['other'] }, { state: 'c' });
      expect(await bench.records.get(id)).toMatchObject({ status: 'waiting', state: 'c', timers: [] });
      expect(await bench.watchedIn(id)).toBeNull();
    });
  });

  describe('a commit that would wait (K4)', () => {
    it.each(['continue', 'queued'] as const)('goes on with what is in the inbox: %s', async (how) => {
      const claim = await bench.claim(await bench.begin());
      const id = claim.correlationId;
      await bench.send(id, 'other', 'o', '1');
      await bench.send(id, 'paid', 'p', '{"n":1}');
      const result = await bench.wait(claim, { take: ['paid'], goOn: how === 'continue' });
      expect(result).toMatchObject({ outcome: 'committed', next: how });
      const next =
        how === 'continue' ? (result as { claim: Claim }).claim : await bench.claim((result as { job: Claim['job'] }).job);
      expect(next).toMatchObject({ steps: 1, state: 'b', event: 'paid', data: '{"n":1}', fence: 2 });
      expect(await inboxOf(id)).toEqual(['other']);
      expect(await bench.records.get(id)).toMatchObject({ inbox: 1 });
      expect(await bench.steps.commit(next, change('completed'))).toMatchObject({ next: 'completed' });
    });

    it('takes items in the order they came, passes over what it defers, and drops what it ignores or refuses', async () => {
      let claim = await bench.claim(await bench.begin());
      const id = claim.correlationId;
      for (const event of ['later', 'noise', 'a', 'bad', 'b', 'a']) await bench.send(id, event);
      const seen: string[] = [];
      for (;;) {
        const how = { take: ['a', 'b'], ignore: ['noise'], reject: ['bad'], goOn: true };
        const result = await bench.wait(claim, how);
        if (!('claim' in result)) break;
        ({ claim } = result);
        seen.push(claim.event);
      }
      expect(seen).toEqual(['a', 'b', 'a']);
      expect(await inboxOf(id)).toEqual(['later']);
      const later = await bench.taken(id, 'a');
      await bench.wait(later, { take: ['later'] });
      expect(await bench.record(id)).toMatchObject({ status: 'queued', event: 'later' });
    });

    it('finds an item behind more deferred ones than it reads at a time', async () => {
      const claim = await bench.claim(await bench.begin());
      for (let i = 0; i < 40; i++) await bench.send(claim.correlationId, 'later');
      await bench.send(claim.correlationId, 'paid');
      expect(await bench.wait(claim, { take: ['paid'] })).toMatchObject({ next: 'queued' });
      expect(await bench.record(claim.correlationId)).toMatchObject({ event: 'paid', inbox: '40' });
    });

    it('counts timers from the commit that rests; an internal transition lets them go on', async () => {
      const id = await bench.waiting({ take: ['ping', 'soon', 'late'], after: { 30_000: 'soon', 60_000: 'late' } });
      const before = (await bench.records.get(id))?.timers;
      expect(before?.map(({ event }) => event)).toEqual(['soon', 'late']);
      const now = await serverTimeMs(bench.redis);
      expect(Math.abs(Date.parse(before?.[0]?.at ?? '') - now - 30_000)).toBeLessThan(5000);
      const inner = await bench.taken(id, 'ping');
      await bench.wait(inner, { take: ['ping', 'soon', 'late'], after: { 30_000: 'soon', 60_000: 'late' }, stayed: true });
      expect((await bench.records.get(id))?.timers).toEqual(before);
      expect(await bench.watchedIn(id)).toBeLessThanOrEqual(30_000);
      // The first one fires into an internal transition too: the second one is left.
      await bench.setRecord(id, { timers: `1:soon ${Date.parse(before?.[1]?.at ?? '')}:late` });
      await bench.makeOverdue(id);
      const fired = await bench.claim(await bench.fires(id));
      expect(fired).toMatchObject({ event: 'soon', more: true });
      await bench.wait(fired, { take: ['ping', 'soon', 'late'], after: { 30_000: 'soon', 60_000: 'late' }, stayed: true });
      expect((await bench.records.get(id))?.timers).toEqual(before?.slice(1));
    });

    it('keeps timers over failed attempts at an internal transition', async () => {
      const id = await bench.waiting({ take: ['ping', 'late'], after: { 60_000: 'late' } });
      const before = (await bench.records.get(id))?.timers;
      const again = await bench.claim(await bench.fail(await bench.taken(id, 'ping')));
      await bench.wait(again, { take: ['ping', 'late'], after: { 60_000: 'late' }, stayed: true });
      expect((await bench.records.get(id))?.timers).toEqual(before);
    });

    it('leaves no timer behind in a state that has none', async () => {
      const id = await bench.waiting({ take: ['go', 'late'], after: { 60_000: 'late' } });
      const claim = await bench.taken(id, 'go');
      await bench.steps.commit(claim, change('queued'));
      const next = await bench.claim(await bench.jobOf(id).then((job) => ({ ...job, rev: 0 })));
      await bench.steps.commit(next, change('waiting', { rest: rest({ take: ['go'] }) }));
      expect(await bench.record(id)).not.toHaveProperty('timers');
      expect(await bench.watchedIn(id)).toBeNull();
    });
  });

  it('drops one item of the inbox, by its number', async () => {
    const id = await bench.waiting();
    for (const event of ['a', 'b', 'c']) await bench.send(id, event);
    const items = await bench.inbox.list(id);
    expect(items?.map(({ id: number }) => number)).toEqual([1, 2, 3]);
    expect(await bench.inbox.drop(id, 2)).toBe(true);
    expect(await bench.inbox.drop(id, 9)).toBe(false);
    expect(await inboxOf(id)).toEqual(['a', 'c']);
    expect(await bench.records.get(id)).toMatchObject({ inbox: 2 });
  });

  it('settles what was delivered; an ended machine is kept from then on', async () => {
    const claim = await bench.claim(await bench.begin());
    const id = claim.correlationId;
    const messages = [1, 2, 3].map((n) => ({ to: 'someone', event: 'hello', data: String(n) }));
    await bench.steps.commit(claim, change('completed', { effects: { messages, groups: [] } }));
    const items = await bench.outbox.read(id, 10);
    expect(items).toMatchObject(
      [0, 1, 2].map((number) => ({ kind: 'message', number, to: 'someone', data: String(number + 1) })),
    );
    expect(await bench.watchedIn(id)).toBeGreaterThan(0);
    expect(await bench.keptUntil(id)).toBeNull();
    await bench.outbox.settle(id, items.slice(0, 2));
    expect(await bench.outbox.read(id, 10)).toHaveLength(1);
    await bench.outbox.settle(id, items.slice(2));
    expect(await bench.keptUntil(id)).not.toBeNull();
    expect(await bench.watchedIn(id)).toBeNull();
  });

  it('a removed machine leaves a tombstone that answers its start again, and no other (J7)', async () => {
    const claim = await bench.claim(await bench.begin());
    const id = claim.correlationId;
    await bench.steps.commit(claim, change('completed'));
    await bench.redis.zadd(bench.keys.retention(bench.keys.partitionOf(id)), 1, id);
    expect(await bench.watch.retire(bench.keys.partitionOf(id), 10)).toMatchObject({ dropped: options.twice ? 0 : 1 });
    expect(Object.keys(await bench.dump()).filter((key) => key.endsWith(`:${id}`))).toEqual([bench.keys.tombstone(id)]);
    expect(await bench.redis.pttl(bench.keys.tombstone(id))).toBeGreaterThan((24 * 3600 - 60) * 1000);
    const again = (digest: string) =>
      bench.records.start({
        request: { machine: 'bench' },
        ...{ correlationId: id, runId: 'another', version: 1, queue: 'machines', maxRetries: 5 },
        ...{ state: 'pseudo_init', event: 'pseudo_init', contextJson: '{}', digest },
      });
    expect((await again('digest')).result).toMatchObject({
      outcome: 'existing',
      machine: { status: 'completed', runId: `run-of-${id}` },
    });
    expect((await again('new')).result).toMatchObject({ outcome: 'created', machine: { runId: 'another' } });
  });
});
