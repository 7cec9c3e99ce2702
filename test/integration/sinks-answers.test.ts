import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { Redis } from 'ioredis';
import { MemoryAnswerStore, RedisAnswerStore, type AnswerStore, type AnswerStoreOptions, type BeginRequest } from '@stile/lease';
import { adminRedisUrl } from '../support/admin';
import { uniquePrefix, waitFor } from '../support/redis';

let redis: Redis;
const prefix = uniquePrefix('sinks-answers');

beforeAll(() => {
  redis = new Redis(adminRedisUrl());
});
afterAll(async () => {
  const keys = await redis.keys(`${prefix}*`);
  if (keys.length > 0) await redis.del(keys);
  await redis.quit();
});

const answer = { status: 201, headers: { location: '/a' }, body: 'YQ==' };
let scopes = 0;

type Make = (options?: AnswerStoreOptions) => AnswerStore;
const stores: [string, Make][] = [
  ['RedisAnswerStore', (options) => new RedisAnswerStore(redis, { prefix, ...options })],
  ['MemoryAnswerStore', (options) => new MemoryAnswerStore(options)],
];

describe.each(stores)('%s', (_name, make) => {
  let store: AnswerStore;
  let scope: string;
  const request = (fence: number, key: string, more: Partial<BeginRequest> = {}): BeginRequest => {
    return { scope, runId: 'run-a', fence, key, fingerprint: 'f', attempt: randomUUID(), ...more };
  };
  const outcome = async (given: BeginRequest) => (await store.begin(given)).outcome;

  beforeEach(() => {
    store = make();
    scope = `scope {${++scopes}}`;
  });

  it('lets a request in, and gives its answer to repeats of equal and later tokens', async () => {
    const first = request(1, 'k');
    expect(await outcome(first)).toBe('begun');
    expect(await store.finish(first, answer)).toBe(true);
    expect(await store.begin(request(1, 'k'))).toEqual({ outcome: 'answered', answer });
    expect(await store.begin(request(2, 'k'))).toEqual({ outcome: 'answered', answer });
  });

  it('answers a begin and a finish whose reply was lost as the first time', async () => {
    const first = request(1, 'k');
    expect([await outcome(first), await outcome(first)]).toEqual(['begun', 'begun']);
    expect([await store.finish(first, answer), await store.finish(first, answer)]).toEqual([true, true]);
  });

  it('says busy to a repeat while the first is being handled, and lets it in when the first is forgotten', async () => {
    const first = request(1, 'k');
    await store.begin(first);
    expect([await outcome(request(1, 'k')), await outcome(request(2, 'k'))]).toEqual(['busy', 'busy']);
    await store.finish(first, undefined);
    expect(await outcome(request(2, 'k'))).toBe('begun');
  });

  it('lets no later token begin while an earlier one is being handled, nor any more of the earlier', async () => {
    const first = request(1, 'a');
    await store.begin(first);
    expect(await outcome(request(1, 'b'))).toBe('begun');
    expect(await outcome(request(2, 'c'))).toBe('busy');
    expect(await store.begin(request(1, 'd'))).toEqual({ outcome: 'stale', kept: expect.objectContaining({ fence: 2 }) });
    await store.finish(first, answer);
    expect(await outcome(request(2, 'c'))).toBe('busy');
  });

  it('refuses lower tokens of a run, and every token of the run before', async () => {
    const done = async (given: BeginRequest) => [await outcome(given), await store.finish(given, answer)];
    await done(request(5, 'a'));
    expect(await outcome(request(4, 'b'))).toBe('stale');
    expect(await done(request(1, 'c', { runId: 'run-b' }))).toEqual(['begun', true]);
    expect(await outcome(request(6, 'd'))).toBe('stale');
  });

  it('refuses a key that comes with another request, and changes nothing', async () => {
    const first = request(1, 'k');
    await store.begin(first);
    expect(await outcome(request(2, 'k', { fingerprint: 'other' }))).toBe('mismatch');
    expect(await outcome(request(1, 'l'))).toBe('begun');
  });

  it('lets a repeat in when the first took too long, and does not take the answer of the first then', async () => {
    store = make({ lockMs: 20 });
    const first = request(1, 'k');
    await store.begin(first);
    const second = await waitFor(
      async () => {
        const given = request(2, 'k');
        return (await outcome(given)) === 'begun' && given;
      },
      { what: 'a repeat to be let in' },
    );
    expect(await store.finish(first, { ...answer, status: 500 })).toBe(false);
    expect(await store.finish(second, answer)).toBe(true);
    expect(await store.begin(request(2, 'k'))).toEqual({ outcome: 'answered', answer });
  });

  it('forgets everything keepMs after the last request of a scope', async () => {
    store = make({ keepMs: 30, lockMs: 30 });
    const first = request(9, 'k');
    await store.begin(first);
    await store.finish(first, answer);
    await waitFor(async () => (await outcome(request(1, 'k'))) === 'begun', { what: 'the scope to be forgotten' });
  });

  it('lets one of 30 concurrent repeats in', async () => {
    const outcomes = await Promise.all(Array.from({ length: 30 }, () => outcome(request(1, 'k'))));
    expect(outcomes.filter((one) => one === 'begun')).toHaveLength(1);
    expect(outcomes.filter((one) => one === 'busy')).toHaveLength(29);
  });
});

it('RedisAnswerStore and MemoryAnswerStore answer every sequence of requests alike', async () => {
  const call = fc.record({
    key: fc.constantFrom('a', 'b', 'c'),
    runId: fc.constantFrom('run-a', 'run-b'),
    fence: fc.integer({ min: 1, max: 4 }),
    fingerprint: fc.constantFrom('f', 'f', 'g'),
    then: fc.constantFrom('keep', 'forget', 'nothing', 'finish another'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 4, maxLength: 25 }), async (calls) => {
      const scope = `scope-${++scopes}`;
      const answers = async (store: AnswerStore) => {
        const given: unknown[] = [];
        const begun: BeginRequest[] = [];
        for (const [i, { then, ...rest }] of calls.entries()) {
          const request = { ...rest, scope, attempt: `attempt-${i}` };
          const result = await store.begin(request);
          given.push(result.outcome === 'stale' ? [result.outcome, result.kept.fence, result.kept.runId] : result);
          if (result.outcome === 'begun') begun.push(request);
          const ended = then === 'finish another' ? begun.shift() : result.outcome === 'begun' ? request : undefined;
          if (ended && then !== 'nothing')
            given.push(await store.finish(ended, then === 'forget' ? undefined : { ...answer, status: 200 + i }));
        }
        return given;
      };
      expect(await answers(new RedisAnswerStore(redis, { prefix }))).toEqual(await answers(new MemoryAnswerStore()));
    }),
    { numRuns: 100 },
  );
});
