import type { SteerAct, SteerResult } from '../../libs/machine/src/core/message-ports';
import type { MachineStatus } from '../../libs/machine/src/core/model';
import type { Claim } from '../../libs/machine/src/core/ports';
import { EventBench, rest } from './support/event-bench';
import { BENCHES, change, failure } from './support/store-bench';

const CLEAN: SteerAct = { kind: 'cancel', mode: 'graceful', cleanup: 'tidy', retentionMs: 60_000 };
const MOVE: SteerAct = { kind: 'move', state: 'z' };

describe.each(BENCHES)('%s', (_name, options) => {
  let bench: EventBench;
  beforeEach(() => {
    bench = new EventBench(options);
  });
  afterEach(() => bench.close());

  const edit = async (id: string): Promise<SteerAct> => ({
    kind: 'edit',
    revision: (await bench.records.get(id))?.revision ?? '',
    context: '{"edited":[]}',
    trace: {},
  });

  type Row = [MachineStatus, string, MachineStatus | 'refused', string];
  // status, act, what it is then, the last thing that history says
  const table: Row[] = [
    ['queued', 'pause', 'paused', 'paused'],
    ['delayed', 'pause', 'paused', 'paused'],
    ['waiting', 'pause', 'paused', 'paused'],
    ['running', 'pause', 'running', 'paused'],
    ['paused', 'pause', 'paused', 'paused'],
    ['completed', 'pause', 'refused', ''],
    ['failed', 'pause', 'refused', ''],
    ['cancelled', 'pause', 'refused', ''],
    ['queued', 'resume', 'queued', ''],
    ['delayed', 'resume', 'delayed', ''],
    ['waiting', 'resume', 'waiting', 'committed'],
    ['running', 'resume', 'running', ''],
    ['paused', 'resume', 'waiting', 'resumed'],
    ['completed', 'resume', 'refused', ''],
    ['failed', 'resume', 'refused', ''],
    ['cancelled', 'resume', 'refused', ''],
    ['queued', 'cancel', 'cancelled', 'cancelled'],
    ['delayed', 'cancel', 'cancelled', 'cancelled'],
    ['waiting', 'cancel', 'cancelled', 'cancelled'],
    ['running', 'cancel', 'running', ''],
    ['paused', 'cancel', 'cancelled', 'cancelled'],
    ['failed', 'cancel', 'cancelled', 'cancelled'],
    ['completed', 'cancel', 'refused', ''],
    ['cancelled', 'cancel', 'cancelled', 'cancelled'],
    ['queued', 'clean', 'queued', 'cancelling'],
    ['delayed', 'clean', 'queued', 'cancelling'],
    ['waiting', 'clean', 'queued', 'cancelling'],
    ['running', 'clean', 'running', ''],
    ['paused', 'clean', 'queued', 'cancelling'],
    ['failed', 'clean', 'cancelled', 'cancelled'],
    ['running', 'now', 'cancelled', 'cancelled'],
    ['waiting', 'now', 'cancelled', 'cancelled'],
    ['queued', 'retry', 'refused', ''],
    ['delayed', 'retry', 'refused', ''],
    ['waiting', 'retry', 'refused', ''],
    ['running', 'retry', 'refused', ''],
    ['paused', 'retry', 'refused', ''],
    ['completed', 'retry', 'refused', ''],
    ['cancelled', 'retry', 'refused', ''],
    ['failed', 'retry', 'queued', 'retried'],
    ['queued', 'edit', 'refused', ''],
    ['running', 'edit', 'refused', ''],
    ['waiting', 'edit', 'refused', ''],
    ['completed', 'edit', 'refused', ''],
    ['cancelled', 'edit', 'refused', ''],
    ['paused', 'edit', 'paused', 'edited'],
    ['failed', 'edit', 'failed', 'edited'],
    ['queued', 'move', 'queued', 'moved'],
    ['delayed', 'move', 'queued', 'moved'],
    ['waiting', 'move', 'queued', 'moved'],
    ['paused', 'move', 'paused', 'moved'],
    ['failed', 'move', 'queued', 'moved'],
    ['running', 'move', 'refused', ''],
    ['completed', 'move', 'refused', ''],
    ['cancelled', 'move', 'refused', ''],
  ];
  it.each(table)('%s, %s: %s', async (status, name, then, told) => {
    const id = await bench.machineThatIs(status);
    const acts: Record<string, SteerAct> = { clean: CLEAN, move: MOVE, edit: await edit(id) };
    const act = acts[name] ?? (name as 'pause');
    const fence = (await bench.record(id)).fence;
    const run = () => bench.act(id, act, { by: 'Ada', why: 'a "reason"' });
    if (then === 'refused') {
      expect(await bench.changesNothing(run)).toEqual({ outcome: 'refused', status });
      return;
    }
    const items = (await bench.outcomes(id)).length;
    const result = await run();
    const record = await bench.record(id);
    expect(record.status).toBe(then);
    expect(record.fence).toBe(fence); // O1
    if (told !== '') expect((await bench.outcomes(id)).at(-1)).toBe(told);
    if ((await bench.outcomes(id)).length > items) {
      expect((await bench.records.history(id))?.at(-1)).toMatchObject({ by: 'Ada', why: 'a "reason"', error: null });
    }
    // Its job can be claimed where it goes on, and the watch has it; one that rests for good is watched no more.
    if (then === 'queued') {
      const job = (result as { job?: Claim['job'] }).job ?? { ...(await bench.jobOf(id)), rev: Number(record.rev ?? 0) };
      expect(await bench.watchedIn(id)).toBeGreaterThan(0);
      const claim = await bench.claim(job);
      if (name === 'clean') expect(claim.event).toBe('pseudo_cancel');
      if (name === 'move') expect(claim.event).toBe('pseudo_move:z');
    }
    if (then === 'paused' || then === 'cancelled') expect(await bench.watchedIn(id)).toBeNull();
    if (then === 'cancelled') expect(await bench.keptUntil(id)).not.toBeNull();
    if (then === 'waiting') expect(await bench.watchedIn(id)).toBeGreaterThan(30_000);
  });

  it('is missing where there is no machine', async () => {
    for (const act of ['pause', 'resume', 'cancel', 'retry'] as const) {
      expect(await bench.act('nobody', act)).toEqual({ outcome: 'missing' });
    }
  });

  describe('pause', () => {
    it('lets the step that runs commit, then it rests, whatever would come next', async () => {
      for (const next of ['continue', 'queued', 'delayed', 'waiting'] as const) {
        const claim = await bench.claim(await bench.begin());
        const id = claim.correlationId;
        await bench.act(id, 'pause');
        expect(await bench.records.get(id)).toMatchObject({ status: 'running', asked: 'pause' });
        const result = await bench.steps.commit(claim, change(next, { rest: rest({ take: ['go'] }) }));
        expect(result).toEqual({ outcome: 'committed', next: 'paused' });
        expect(await bench.records.get(id)).toMatchObject({ status: 'paused', steps: 1, context: { b: 1 }, asked: null });
        expect(await bench.watchedIn(id)).toBeNull();
        await bench.act(id, 'resume');
        expect(await bench.status(id)).toBe(next === 'continue' ? 'queued' : next);
      }
    });

    it('does not keep a machine from its end', async () => {
      const claim = await bench.claim(await bench.begin());
      await bench.act(claim.correlationId, 'pause');
      expect(await bench.steps.commit(claim, change('completed'))).toMatchObject({ next: 'completed' });
      expect(await bench.records.get(claim.correlationId)).toMatchObject({ status: 'completed', asked: null });
    });

    it('stops a machine whose attempt fails, and the next attempt comes when it is resumed', async () => {
      const claim = await bench.claim(await bench.begin());
      const id = claim.correlationId;
      await bench.act(id, 'pause');
      expect(await bench.steps.fail(claim, failure('retry'))).toEqual({ outcome: 'failed', next: 'paused' });
      const resumed = (await bench.act(id, 'resume')) as { job?: Claim['job'] };
      expect(await bench.claim(resumed.job as Claim['job'])).toMatchObject({ steps: 0, retries: 1 });
    });

    it('stops a machine that is handed back', async () => {
      const claim = await bench.claim(await bench.begin());
      await bench.act(claim.correlationId, 'pause');
      expect(await bench.steps.release(claim)).toBeUndefined();
      expect(await bench.status(claim.correlationId)).toBe('paused');
    });

    it('can be taken back while the step runs', async () => {
      const claim = await bench.claim(await bench.begin());
      await bench.act(claim.correlationId, 'pause');
      await bench.act(claim.correlationId, 'resume');
      const result = await bench.steps.commit(claim, change('queued'));
      expect(result).toMatchObject({ next: 'queued' });
      expect((await bench.claim((result as { job: Claim['job'] }).job)).steps).toBe(1);
    });

    it('timers and events wait; what came meanwhile comes first, timers before events', async () => {
      const id = await bench.machineThatIs('paused');
      await bench.pass(id, ['timers']);
      await bench.send(id, 'go');
      expect((await bench.sweep()).fired).toEqual([]);
      const { job } = (await bench.act(id, 'resume')) as { job?: Claim['job'] };
      expect(await bench.claim(job as Claim['job'])).toMatchObject({ event: 'late' });
      expect(await bench.inbox.list(id)).toMatchObject([{ event: 'go' }]);
    });
  });

  it.each([['pause'], ['cancel'], ['now'], ['move'], ['retry']] as const)(
    'a writer of before is refused after %s',
    async (name) => {
      const claim = await bench.claim(await bench.begin());
      const id = claim.correlationId;
      const job = (result: SteerResult) => (result as { job?: Claim['job'] }).job;
      if (name === 'retry') await bench.steps.fail(claim, failure('failed'));
      else if (name !== 'now') await bench.steps.release(claim);
      const result = await bench.act(id, name === 'move' ? MOVE : name);
      const next = job(result);
      if (next) await bench.claim(next);
      const before = await bench.record(id);
      expect(await bench.steps.commit(claim, change('queued'))).toEqual({ outcome: 'stale' });
      expect(await bench.steps.note(claim, { kind: 'result', key: 'k', json: '1' })).toBe(false);
      if (name !== 'retry') expect(await bench.steps.fail(claim, failure('retry'))).toEqual({ outcome: 'stale' });
      expect(await bench.record(id)).toEqual(before);
    },
  );

  it('an edit that lost the race names the revision that won, and changes nothing', async () => {
    const id = await bench.machineThatIs('paused');
    const [mine, theirs] = [await edit(id), { ...(await edit(id)), context: '{"theirs":1}' } as SteerAct];
    expect(await bench.act(id, theirs)).toEqual({ outcome: 'done' });
    const current = (await bench.records.get(id))?.revision;
    expect(await bench.changesNothing(() => bench.act(id, mine))).toEqual({ outcome: 'revision', current });
    expect(await bench.records.get(id)).toMatchObject({ context: { theirs: 1 } });
    expect(await bench.act(id, await edit(id))).toEqual({ outcome: 'done' });
    expect((await bench.record(id)).context).toBe('{"edited":[]}');
  });

  it('rev orders jobs before retries do: after an operator’s retry the old attempts’ jobs are late', async () => {
    const first = await bench.claim(await bench.begin());
    const second = await bench.claim(await bench.fail(first));
    await bench.steps.fail(second, failure('failed'));
    const { job } = (await bench.act(second.correlationId, 'retry')) as { job?: Claim['job'] };
    expect(job).toMatchObject({ steps: 0, retries: 0, rev: 1 });
    for (const late of [first.job, second.job]) {
      expect(await bench.steps.claim(late, 'late')).toMatchObject({ outcome: 'duplicate', redrive: { rev: 1, retries: 0 } });
    }
    const third = await bench.claim(job as Claim['job']);
    expect(third).toMatchObject({ retries: 0, claims: 1 });
    expect(await bench.records.get(third.correlationId)).toMatchObject({ error: null, finishedAt: null });
    expect(await bench.keptUntil(third.correlationId)).toBeNull();
  });
});
