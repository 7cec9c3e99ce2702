import { waitFor } from '../support/redis';
import { sketch, World } from './support/world';

const LEASE_MS = 600;
const BLOCK_MS = 1500;

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.close());

describe('a worker whose event loop was blocked for longer than its leases', () => {
  const blocking = sketch('blocking', {
    a: {
      do: () => {
        for (const end = performance.now() + BLOCK_MS; performance.now() < end;);
        return 'go';
      },
      on: { go: 'b' },
    },
    b: { final: true },
  });

  it('says for how long in its entry, within a fifth, and in its log', async () => {
    const { log } = await world.worker([blocking], { lease: { ttlMs: LEASE_MS }, worker: { name: 'blocked' } });
    await world.run('blocking', {}, 'completed');
    const { workers } = world.pod().runtime;
    const seen = await waitFor(async () => (await workers.list()).find(({ lagMs }) => lagMs > LEASE_MS), {
      what: 'the worker has said that its loop was blocked',
    });
    expect(seen).toMatchObject({ name: 'blocked' });
    expect(seen.lagMs).toBeGreaterThan(BLOCK_MS * 0.8);
    expect(seen.lagMs).toBeLessThan(BLOCK_MS * 1.2);
    const told = log.filter((line) => /^warn the event loop stood still for \d+ ms/.test(line));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(`the leases of steps in hand (${LEASE_MS} ms) have run out`);
  });

  it('is read as one without lag when it is of a version that does not measure it', async () => {
    const { workers, redis } = world.pod().runtime;
    const beat = { name: 'old', at: Date.now(), queues: ['machines'], active: 0, lastJobMs: null };
    await redis.hset(world.keys.workers, 'old', JSON.stringify(beat));
    expect(await workers.list()).toMatchObject([{ name: 'old', lagMs: 0, host: null, pid: null, definitions: [] }]);
  });
});
