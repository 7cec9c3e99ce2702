import type { CommitResult } from '../../libs/machine/src/core/ports';
import { change, StoreBench } from './support/store-bench';

const MACHINES = 40; // more than go out in one script

let bench: StoreBench;
beforeEach(() => {
  bench = new StoreBench({ kind: 'fused' });
});
afterEach(() => bench.close());

async function claims(count: number) {
  return Promise.all(Array.from({ length: count }, () => bench.started()));
}

it('commits of one turn go out together, and each gets its own answer', async () => {
  const running = await claims(MACHINES);
  const sent = jest.spyOn(bench.redis, 'evalsha');
  const next = await Promise.all(running.map((claim) => bench.commitOn(claim)));
  expect(sent).toHaveBeenCalledTimes(Math.ceil(MACHINES / 16));
  for (const claim of next) {
    expect(claim).toMatchObject({ steps: 1, fence: 2, state: 'b' });
    expect(await bench.record(claim.correlationId)).toMatchObject({ steps: '1', fence: '2', status: 'running' });
  }
});

it('one that is refused, unusual or broken keeps no other from its commit', async () => {
  const [stale, expired, broken, ...others] = await claims(8);
  await bench.expire(stale!.correlationId);
  await bench.claim(stale!.job); // another worker has taken over
  await bench.expire(expired!.correlationId);
  await bench.redis.hdel(bench.keys.record(broken!.correlationId), 'history'); // as where it is long
  await bench.redis.set(bench.keys.history(broken!.correlationId), 'not a list');
  const results = await Promise.allSettled(
    [stale!, expired!, broken!, ...others].map((claim) => bench.steps.commit(claim, change('continue'))),
  );
  const [first, second, third, ...rest] = results;
  expect(first).toMatchObject({ value: { outcome: 'stale' } });
  expect(second).toMatchObject({ value: { outcome: 'committed', next: 'queued' } }); // L4: the lease can't be advanced
  expect(third).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining('WRONGTYPE') } });
  expect(await bench.record(broken!.correlationId)).toMatchObject({ steps: '0', fence: '1' });
  for (const result of rest as PromiseFulfilledResult<CommitResult>[]) {
    expect(result).toMatchObject({ value: { outcome: 'committed', next: 'continue', claim: { fence: 2, steps: 1 } } });
  }
});
