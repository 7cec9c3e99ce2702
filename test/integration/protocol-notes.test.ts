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

  describe('note', () => {
    it('keeps results and heartbeat for the next attempt, and the commit clears them', async () => {
      const first = await bench.claim(await bench.begin());
      expect(await bench.steps.note(first, { kind: 'result', key: 'a/do/charge', json: '{"id":[]}' })).toBe(true);
      expect(await bench.steps.note(first, { kind: 'beat', json: '"half"' })).toBe(true);
      const second = await bench.claim(await bench.fail(first));
      expect(second.more).toBe(true);
      const kept = await bench.steps.notes(second);
      expect([...kept.results]).toEqual([['a/do/charge', '{"id":[]}']]);
      expect(kept.heartbeat).toBe('"half"');
      await bench.steps.commit(second, change('queued'));
      expect(await bench.steps.notes(second)).toEqual({ results: new Map() });
      expect(await bench.record(first.correlationId)).not.toHaveProperty('more');
    });

    it('is refused to a stale fence, and to a step that is over', async () => {
      const first = await bench.claim(await bench.begin());
      await bench.expire(first.correlationId);
      const second = await bench.claim(first.job);
      const notes = [
        { kind: 'result', key: 'k', json: '1' },
        { kind: 'beat', json: '1' },
        { kind: 'token', hash: 'h', ttlMs: 1000, failed: 'failed' },
      ] as const;
      for (const note of notes) expect(await bench.changesNothing(() => bench.steps.note(first, note))).toBe(false);
      await bench.steps.commit(second, change('waiting', { rest: rest({}) }));
      for (const note of notes) expect(await bench.changesNothing(() => bench.steps.note(second, note))).toBe(false);
    });
  });

  describe('a callback token', () => {
    const token = (hash: string, ttlMs = 60_000) => ({ kind: 'token', hash, ttlMs, failed: 'broke' }) as const;
    const use = (id: string, hash: string, event = 'paid', data = '') =>
      bench.send(id, event, { kind: 'token', hash, nonce: bench.newNonce() }, data);

    it('can be used once, also before the step that handed it out has committed', async () => {
      const claim = await bench.claim(await bench.begin());
      const id = claim.correlationId;
      await bench.steps.note(claim, token('h'));
      expect(await use(id, 'h')).toEqual({ outcome: 'kept' });
      expect(await bench.changesNothing(() => use(id, 'h'))).toEqual({ outcome: 'gone' });
      expect(await bench.wait(claim, { take: ['paid'] })).toMatchObject({ next: 'queued' });
    });

    it('is taken by the state that waits for it; its failure is the event it was made with', async () => {
      const claim = await bench.claim(await bench.begin());
      const id = claim.correlationId;
      for (const hash of ['h', 'other']) await bench.steps.note(claim, token(hash));
      await bench.wait(claim, { take: ['broke'] });
      expect(await use(id, 'h', '', '{"code":"X"}')).toMatchObject({ outcome: 'taken' });
      expect(await bench.record(id)).toMatchObject({ event: 'broke', data: '{"code":"X"}' });
      expect(await use(id, 'other')).toEqual({ outcome: 'kept' }); // the state is left by the commit
    });

    it('answers a lost reply as before, even when the machine has left the state since', async () => {
      const claim = await bench.claim(await bench.begin());
      const id = claim.correlationId;
      await bench.steps.note(claim, token('h'));
      await bench.wait(claim, { take: ['paid'] });
      const mark = { kind: 'token', hash: 'h', nonce: 'mine' } as const;
      const result = await bench.send(id, 'paid', mark);
      await bench.steps.commit(await bench.claim((result as { job: Claim['job'] }).job), change('waiting', { rest: rest({}) }));
      expect(await bench.changesNothing(() => bench.inbox.deliver(id, 'paid', '', mark))).toMatchObject({ outcome: 'kept' });
    });

    it('is gone when it has expired by the server’s clock; a heartbeat begins its time anew', async () => {
      const claim = await bench.claim(await bench.begin());
      const id = claim.correlationId;
      await bench.steps.note(claim, token('h', 40_000));
      await bench.wait(claim, { take: ['paid'] });
      const key = bench.keys.callbacks(id);
      await bench.redis.hset(key, 'h', ((await bench.redis.hget(key, 'h')) ?? '').replace(/^\d+/, String(Date.now() + 5000)));
      const expires = await bench.inbox.beat(id, 'h', '"alive"');
      expect((expires ?? 0) - (await serverTimeMs(bench.redis))).toBeGreaterThan(30_000);
      expect(await bench.records.get(id)).toMatchObject({ heartbeat: 'alive' });
      await bench.redis.hset(key, 'h', ((await bench.redis.hget(key, 'h')) ?? '').replace(/^\d+/, '1'));
      expect(await bench.changesNothing(() => use(id, 'h'))).toEqual({ outcome: 'gone' });
      expect(await bench.changesNothing(() => bench.inbox.beat(id, 'h', ''))).toBeUndefined();
    });

    it('is void after the state was left, and unknown to other machines', async () => {
      const claim = await bench.claim(await bench.begin());
      const id = claim.correlationId;
      await bench.steps.note(claim, token('h'));
      await bench.wait(claim, { take: ['go'] });
      const next = await bench.taken(id, 'go');
      await bench.steps.note(next, token('second'));
      await bench.wait(next, { take: ['paid'] }, { state: 'c' });
      expect(await bench.changesNothing(() => use(id, 'h'))).toEqual({ outcome: 'gone' });
      expect(await bench.changesNothing(() => use('nobody', 'h'))).toEqual({ outcome: 'gone' });
      expect(await use(id, 'second')).toMatchObject({ outcome: 'taken' });
    });

    it('handed out by an internal transition lives until the state is left', async () => {
      const id = await bench.waiting({ take: ['ping', 'paid'] });
      const inner = await bench.taken(id, 'ping');
      await bench.steps.note(inner, token('h'));
      await bench.wait(inner, { take: ['ping', 'paid'], stayed: true });
      expect(await use(id, 'h')).toMatchObject({ outcome: 'taken' });
    });

    it('is gone when the machine has ended', async () => {
      const claim = await bench.claim(await bench.begin());
      await bench.steps.note(claim, token('h'));
      await bench.steps.commit(claim, change('completed'));
      expect(await bench.changesNothing(() => use(claim.correlationId, 'h'))).toEqual({ outcome: 'gone' });
    });
  });
});
