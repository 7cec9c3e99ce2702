import { Workers, type WorkerSeen } from '@stile/machine';
import { ReadinessCheck } from './readiness';

const worker = (over: Partial<WorkerSeen> = {}): WorkerSeen => ({
  name: 'w',
  queues: ['machines'],
  active: 0,
  lastSeenMs: 100,
  lastJobMs: null,
  lagMs: 0,
  host: 'h',
  pid: 1,
  startedAt: '2026-01-01T00:00:00.000Z',
  concurrency: 50,
  partitions: [0],
  definitions: [],
  ...over,
});

class FixedWorkers extends Workers {
  probes = 0;
  constructor(
    private readonly seen: readonly WorkerSeen[] | Error,
    private readonly taken: boolean | Error = false,
  ) {
    super();
  }
  list(): Promise<readonly WorkerSeen[]> {
    return this.seen instanceof Error ? Promise.reject(this.seen) : Promise.resolve(this.seen);
  }
  probe(): Promise<boolean> {
    this.probes++;
    return this.taken instanceof Error ? Promise.reject(this.taken) : Promise.resolve(this.taken);
  }
}

describe('ReadinessCheck', () => {
  it.each([
    ['runs a machine', worker({ active: 1 })],
    ['took a job lately', worker({ lastJobMs: 14_999 })],
  ])('is ready without asking when a worker %s', async (_name, seen) => {
    const workers = new FixedWorkers([worker({ lastSeenMs: 60_000, active: 9 }), seen]);
    expect(await new ReadinessCheck(workers).check()).toEqual({ ready: true, seen: [seen] });
    expect(workers.probes).toBe(0);
  });

  it('asks idle workers by a job, once for all who ask within a second', async () => {
    const workers = new FixedWorkers([worker({ lastJobMs: 15_000 })], true);
    const check = new ReadinessCheck(workers);
    const answers = await Promise.all([check.check(), check.check(), check.check()]);
    expect([...answers, await check.check()]).toEqual(Array(4).fill({ ready: true, seen: [worker({ lastJobMs: 15_000 })] }));
    expect(workers.probes).toBe(1);
  });

  it('asks again after a second', async () => {
    const workers = new FixedWorkers([worker()], true);
    const check = new ReadinessCheck(workers);
    const now = jest.spyOn(performance, 'now').mockReturnValue(5000);
    try {
      await check.check();
      now.mockReturnValue(5999);
      await check.check();
      expect(workers.probes).toBe(1);
      now.mockReturnValue(6000);
      await check.check();
      expect(workers.probes).toBe(2);
    } finally {
      now.mockRestore();
    }
  });

  it.each([
    ['no worker was seen', new FixedWorkers([worker({ lastSeenMs: 10_000, active: 5 })], true)],
    ['no worker takes jobs', new FixedWorkers([worker()], false)],
    ['no worker takes jobs', new FixedWorkers([worker()], new Error('away'))],
    ['Redis does not answer', new FixedWorkers(new Error('away'))],
  ])('says what is missing: %s', async (missing, workers) => {
    expect(await new ReadinessCheck(workers).check()).toMatchObject({
      ready: false,
      missing: expect.stringContaining(missing),
    });
  });
});
