import { MemoryLeaseStore, RedisLeaseStore, type LeaseStore, type StepRef } from '@stile/lease';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { testRedisUrl, uniquePrefix } from '../../support/redis';
import { agree, holds } from './disagreement';
import { LeaseModel, placeOf } from './lease-model';
import { assertInLanes, LONG_MS, runsFor } from './settings';

const TTL_MS = 600_000;
const ID = 'machine-1';

/** A store, what can happen to it, and what it keeps. */
interface Subject {
  readonly store: LeaseStore;
  expire(): Promise<unknown>;
  changeIdentity(): Promise<unknown>;
  /** What a refusal must leave as it was. */
  dump(): Promise<unknown>;
}

const step: fc.Arbitrary<StepRef> = fc.record({ steps: fc.nat({ max: 2 }), retries: fc.nat({ max: 1 }) });
/** Undefined: the step that the lease is at, as its holder would say. */
const at = fc.option(step, { nil: undefined, freq: 3 });
/** Tokens back from the last one handed out; -1 is one that nobody has been given. */
const back = fc.constantFrom(0, 0, 0, 0, 1, 2, -1);
/** Sent again because its reply was lost. */
const twice = fc.boolean();

const acquire = fc.record({
  do: fc.constant('acquire' as const),
  at: step,
  nonce: fc.constantFrom('a', 'b', 'c'),
  floor: fc.constantFrom(0, 0, 0, 1, 4, 30),
  jump: fc.constantFrom(false, false, false, false, true),
  twice,
});
const command = fc.oneof(
  { weight: 4, arbitrary: acquire },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('advance' as const), back, from: at, to: step, twice }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('release' as const), back, at, twice }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('renew' as const), back, twice }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('expire' as const, 'identity' as const, 'forget' as const) }) },
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

/** Sends the same words each time it is called; gives what the store and what the model answer. */
type Call = () => Promise<readonly [real: unknown, expected: unknown]>;

function callOf({ store, expire, changeIdentity }: Subject, model: LeaseModel, known: Known, c: Command): Call {
  const fence = 'back' in c ? Math.max(1, model.counter - c.back) : 0;
  const [steps = 0, retries = 0] = model.place.split('.').map(Number);
  const held = { steps, retries };
  switch (c.do) {
    case 'acquire':
      return async () => {
        const { nonce, floor, jump } = c;
        const result = await store.acquire(ID, c.at, { nonce, floor, jump, ttlMs: TTL_MS });
        const seen = result.outcome === 'granted' ? result.fence : undefined;
        if (seen !== undefined && !model.isRepeat(nonce, c.at)) known.add(seen);
        const expected = model.acquire(nonce, c.at, floor, jump, seen);
        return [
          result.outcome === 'held' ? { outcome: 'held', by: placeOf(result.by) } : { outcome: 'granted', fence: seen },
          expected,
        ];
      };
    case 'advance': {
      const { from = held, to } = c;
      return async () => {
        const result = await store.advance(ID, fence, from, to, TTL_MS);
        const real = result.outcome === 'granted' ? { outcome: 'granted', fence: result.fence } : { outcome: result.outcome };
        return [real, model.advance(fence, from, to)];
      };
    }
    case 'release': {
      const { at: place = held } = c;
      return async () => [await store.release(ID, place, fence), model.release(place, fence)];
    }
    case 'renew':
      return async () => [(await store.renew(ID, fence, TTL_MS)).outcome, model.renew(fence) ? 'renewed' : 'lost'];
    case 'forget':
      return async () => {
        known.forget();
        model.forget();
        return [await store.forget(ID), undefined];
      };
    default:
      return async () => {
        if (model.counter === 0) return [0, 0];
        await (c.do === 'expire' ? expire() : changeIdentity());
        Object.assign(model, c.do === 'expire' ? { expired: true } : { foreign: true });
        return [0, 0];
      };
  }
}

/** Tokens handed out since the counter began. */
class Known {
  private greatest = 0;
  add(fence: number): void {
    holds('L2: a new grant gives a greater token than all before', fence > this.greatest, { fence, greatest: this.greatest });
    this.greatest = fence;
  }
  forget(): void {
    this.greatest = 0;
  }
}

const REFUSED = ['{"outcome":"refused"}', '"lost"', 'false'];
const isRefusal = (answer: unknown) => {
  const text = JSON.stringify(answer) ?? '';
  return REFUSED.includes(text) || text.startsWith('{"outcome":"held"');
};

async function check(subject: Subject, commands: readonly Command[]): Promise<void> {
  const model = new LeaseModel();
  const known = new Known();
  for (const c of commands) {
    const call = callOf(subject, model, known, c);
    const before = await subject.dump();
    const [real, expected] = await call();
    agree(`the answer to ${c.do}`, real, expected);
    const after = await subject.dump();
    if (isRefusal(real)) agree(`what a refused ${c.do} leaves`, after, before);
    if (!('twice' in c && c.twice)) continue;
    const [again, expectedAgain] = await call();
    agree(`the answer to ${c.do} when it is sent again`, again, expectedAgain);
    // A lease that was given back can't be given back again: it is gone either way.
    if (c.do !== 'release') agree(`the answer to ${c.do} and to its repeat`, again, real);
    if (c.do !== 'renew') agree(`what a repeated ${c.do} leaves`, await subject.dump(), after);
  }
}

const commands = fc.array(command, { minLength: 1, maxLength: 30, size: 'max' });

describe('leases do what rules L1–L6 say, whatever is asked of them in whatever order', () => {
  const redis = new Redis(testRedisUrl(), { maxRetriesPerRequest: null });
  const prefix = uniquePrefix('lease-model');
  let runs = 0;
  afterAll(() => redis.disconnect());

  it(
    'RedisLeaseStore',
    async () => {
      await assertInLanes(runsFor(0.2), () =>
        fc.asyncProperty(commands, async (list) => {
          const key = `${prefix}:${++runs}`;
          const subject: Subject = {
            store: new RedisLeaseStore(redis, { keyOf: () => key }),
            expire: () => redis.hset(key, 'until', 1),
            changeIdentity: () => redis.hset(key, 'server', 'another'),
            dump: () => redis.hgetall(key),
          };
          await check(subject, list).finally(() => redis.del(key));
        }),
      );
    },
    LONG_MS,
  );

  it(
    'MemoryLeaseStore',
    async () => {
      await assertInLanes(runsFor(0.2), () =>
        fc.asyncProperty(commands, async (list) => {
          let [now, servers] = [Date.now(), 1];
          const store = new MemoryLeaseStore({ clock: () => now, identity: () => `server ${servers}` });
          const subject: Subject = {
            store,
            expire: async () => (now += TTL_MS + 1),
            changeIdentity: async () => (servers += 1),
            dump: async () => structuredClone((store as unknown as { leases: unknown }).leases),
          };
          await check(subject, list);
        }),
      );
    },
    LONG_MS,
  );
});
