import type { DueJob } from '../core/model';
import { MemoryJobQueue } from './memory-job-queue';

describe('MemoryJobQueue', () => {
  let now = 0;
  const job = (fields: Partial<DueJob> = {}): DueJob => ({
    correlationId: 'm',
    steps: 0,
    rev: 0,
    retries: 0,
    drive: 0,
    machine: 'order',
    version: 1,
    queue: 'machines',
    delayMs: 0,
    ...fields,
  });
  let queue: MemoryJobQueue;
  beforeEach(() => {
    now = 1000;
    queue = new MemoryJobQueue(() => now);
  });

  it('gives jobs in order of their due times, and none before', async () => {
    await queue.add([job({ steps: 1, delayMs: 10 }), job({ steps: 2 }), job({ steps: 3, delayMs: 5 })]);
    const steps = [queue.take()?.job.steps, queue.take()?.job.steps, queue.nextMs];
    now += 10;
    steps.push(queue.take()?.job.steps, queue.take()?.job.steps, queue.take()?.job.steps);
    expect(steps).toEqual([2, undefined, 5, 3, 1, undefined]);
    expect(queue.nextMs).toBe(Infinity);
  });

  it('leaves a job alone whose id is there, whether it waits or is active', async () => {
    await queue.add([job()]);
    await queue.add([job({ delayMs: 1000 })]);
    expect(await queue.inspect(job())).toBe('waiting');
    const taken = queue.take();
    await queue.add([job()]);
    expect(await queue.inspect(job())).toBe('active');
    expect(queue.take()).toBeUndefined();
    queue.remove(taken?.id ?? '');
    expect(await queue.inspect(job())).toBe('gone');
  });

  it.each([{ steps: 1 }, { rev: 1 }, { retries: 1 }, { drive: 1 }, { correlationId: 'n' }])(
    'tells jobs apart by %j',
    async (fields) => {
      await queue.add([job(), job(fields)]);
      expect([queue.take()?.job, queue.take()?.job]).toMatchObject([{}, fields]);
    },
  );

  it('promotes a delayed job, and nothing else', async () => {
    await queue.add([job({ delayMs: 1000 })]);
    expect(await queue.inspect(job())).toBe('delayed');
    await queue.promote(job());
    expect(await queue.inspect(job())).toBe('waiting');
    const taken = queue.take();
    await queue.promote(job());
    expect(await queue.inspect(job())).toBe('active');
    queue.later(taken?.id ?? '', 7);
    expect([await queue.inspect(job()), queue.nextMs]).toEqual(['delayed', 7]);
    now += 7;
    expect(queue.take()?.pickups).toBe(1);
  });
});
