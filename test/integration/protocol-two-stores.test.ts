import { FailingLeaseStore } from '../../libs/lease/src/testing/failing-lease-store';
import { change, failoverBench, failure, type StoreBench } from './support/store-bench';

/** Later than any token counted up from 1: one that jumped to server time in µs. */
const JUMPED = Date.parse('2020-01-01') * 1000;

describe('SplitStepStore over two lease stores (S1)', () => {
  let bench: StoreBench;
  let primary: FailingLeaseStore;
  let secondary: FailingLeaseStore;
  let unavailable = 0;
  beforeEach(() => {
    unavailable = 0;
    bench = failoverBench(
      {
        primary: (store) => (primary = new FailingLeaseStore(store)),
        secondary: (store) => (secondary = new FailingLeaseStore(store)),
      },
      () => unavailable++,
    );
  });
  afterEach(() => bench.close());

  it('flips to the secondary, stays there, and tokens only grow', async () => {
    const first = await bench.started();
    primary.failing = true;
    const second = await bench.claim(await bench.commit(first));
    expect(second.fence).toBeGreaterThan(JUMPED);
    expect(await bench.record(first.correlationId)).toMatchObject({ seat: 'secondary' });
    primary.failing = false;
    const third = await bench.claim(await bench.commit(second));
    expect(third.fence).toBe(second.fence + 1);
    expect(secondary.calls.filter((call) => call === 'acquire')).toHaveLength(2);
  });

  it('refuses the holder that the flip has overtaken', async () => {
    const old = await bench.started();
    primary.failing = true;
    const next = await bench.claim(old.job);
    primary.failing = false;
    expect(await bench.steps.commit(old, change('queued'))).toEqual({ outcome: 'stale' });
    expect(await bench.steps.fail(old, failure('retry'))).toEqual({ outcome: 'stale' });
    expect(await bench.steps.release(old)).toBeUndefined();
    expect(await bench.steps.commit(next, change('waiting'))).toMatchObject({ outcome: 'committed' });
  });

  it('flips once and not back within the cooldown', async () => {
    const job = await bench.start();
    primary.failing = secondary.failing = true;
    expect(await bench.steps.claim(job, 'a')).toMatchObject({ outcome: 'unavailable' });
    expect(await bench.record(job.correlationId)).toMatchObject({ seat: 'secondary' });
    primary.failing = false;
    expect(await bench.steps.claim(job, 'b')).toMatchObject({ outcome: 'unavailable' });
    expect(unavailable).toBe(3);
    const { flipped } = await bench.record(job.correlationId);
    await bench.setRecord(job.correlationId, { flipped: Number(flipped) - 10_001 });
    expect(await bench.steps.claim(job, 'c')).toMatchObject({ outcome: 'claimed' });
    expect(await bench.record(job.correlationId)).toMatchObject({ seat: 'primary' });
  });

  it('grants no token in both stores, and refuses the lease of the store that was left', async () => {
    const job = await bench.start();
    // Its token is greater than any of the other store: only the seat tells that it is of no use.
    await bench.redis.hset(bench.leaseKeys.lease(job.correlationId), 'fence', String(2 ** 52));
    // Held between acquire and begin while the machine is moved: the token is of the store it has left.
    const release = pauseAfter(primary, 'acquire');
    const slow = bench.steps.claim(job, 'slow');
    await release.reached;
    primary.failing = true;
    const quick = await bench.claim(job, 'quick');
    release.go();
    expect(await slow).toEqual({ outcome: 'stale' });
    expect(quick.fence).toBeGreaterThan(JUMPED);
    expect(await bench.steps.commit(quick, change('waiting'))).toMatchObject({ outcome: 'committed' });
  });

  it('refuses to begin where the record was read on another server', async () => {
    const job = await bench.start();
    await bench.claim(job, 'a');
    await bench.expire(job.correlationId);
    // The last begin was on a server of another identity: the token jumps.
    await bench.setRecord(job.correlationId, { server: 'another' });
    expect((await bench.claim(job, 'b')).fence).toBeGreaterThan(JUMPED);
  });
});

/** Holds the reply of one operation back until `go`. */
function pauseAfter(store: FailingLeaseStore, operation: 'acquire') {
  let go!: () => void;
  let arrived!: () => void;
  const reached = new Promise<void>((resolve) => (arrived = resolve));
  const gate = new Promise<void>((resolve) => (go = resolve));
  const inner = store[operation].bind(store);
  store[operation] = async (...args) => {
    store[operation] = inner;
    const result = await inner(...args);
    arrived();
    await gate;
    return result;
  };
  return { reached, go };
}
