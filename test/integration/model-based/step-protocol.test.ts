import fc from 'fast-check';
import { Redis } from 'ioredis';
import { testRedisUrl, uniquePrefix } from '../../support/redis';
import { dumpKeys } from '../support/dump-keys';
import { checkRun } from './check-run';
import { commandLists } from './commands';
import { assertInLanes, LONG_MS, runsFor } from './settings';
import { World } from './world';

describe('machines do what the protocol says, whatever is asked of them in whatever order, and none is stranded', () => {
  const redis = new Redis(testRedisUrl(), { maxRetriesPerRequest: null });
  let runs = 0;
  afterAll(() => redis.disconnect());

  it.each([
    ['lease and record in one place', 'fused', 0.35],
    ['leases in a store of their own', 'split', 0.25],
  ] as const)(
    '%s',
    async (_name, kind, share) => {
      const prefix = uniquePrefix(`model-${kind}`);
      await assertInLanes(runsFor(share), () =>
        fc.asyncProperty(commandLists, (commands) => checkRun(new World(redis, kind, `${prefix}-${++runs}`), commands)),
      );
      // What a run leaves behind is a key that it has not looked at.
      expect(Object.keys(await dumpKeys(redis, prefix))).toEqual([]);
    },
    LONG_MS,
  );
});
