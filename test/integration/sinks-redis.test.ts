import * as fc from 'fast-check';
import { Redis } from 'ioredis';
import { fencedScript, RedisFencedSink, StaleFenceError, type FenceToken } from '@stile/lease';
import { adminRedisUrl } from '../support/admin';
import { uniquePrefix } from '../support/redis';
import { pausedWriter } from './support/paused-writer';
import { startReplyCutter } from './support/reply-cutter';

let redis: Redis;
let prefix: string;
let sink: RedisFencedSink;

beforeAll(() => {
  redis = new Redis(adminRedisUrl());
});
beforeEach(() => {
  prefix = uniquePrefix('sinks-redis');
  sink = new RedisFencedSink(redis, { prefix });
});
afterEach(async () => {
  const keys = await redis.keys(`${prefix}:*`);
  if (keys.length > 0) await redis.del(keys);
});
afterAll(() => redis.quit());

const token = (fence: number, runId = 'run-a'): FenceToken => ({ runId, fence });

describe('a worker that is paused between its read and its write', () => {
  it('takes away what its successor wrote, where it writes with SET', async () => {
    const end = await pausedWriter(redis, prefix, {
      read: async () => Number((await redis.get(`${prefix}:balance`)) ?? 0),
      write: async (_token, balance) => void (await redis.set(`${prefix}:balance`, balance)),
    });
    expect(end).toEqual({ balance: 1, refusal: undefined, fences: [1, 2] });
  });

  it('is refused by RedisFencedSink, and nothing is lost', async () => {
    const end = await pausedWriter(redis, prefix, {
      read: async (step) => Number((await sink.read('account-7', step)) ?? 0),
      write: (step, balance) => sink.set('account-7', String(balance), step),
    });
    expect(end).toMatchObject({ balance: 10, refusal: expect.any(StaleFenceError), fences: [1, 2] });
    expect(end.refusal).toMatchObject({ code: 'STALE_FENCE', scope: 'account-7', given: { fence: 1 }, kept: { fence: 2 } });
  });
});

describe('RedisFencedSink', () => {
  it('lets equal and greater tokens write, and no lower one', async () => {
    await sink.set('s', 'a', token(4));
    await sink.set('s', 'b', token(4));
    await sink.set('s', 'c', token(9));
    await expect(sink.set('s', 'd', token(8))).rejects.toThrow(StaleFenceError);
    await expect(sink.remove('s', token(8))).rejects.toThrow('fence 8 of run run-a: it has seen fence 9 of run run-a');
    await expect(sink.read('s', token(8))).rejects.toThrow(StaleFenceError);
    expect(await sink.peek('s')).toEqual({ value: 'c', runId: 'run-a', fence: 9 });
  });

  it('compares tokens as numbers, up to 2^53 - 1', async () => {
    await sink.set('s', 'nine', token(9));
    await sink.set('s', 'ten', token(10));
    await sink.set('s', 'last', token(Number.MAX_SAFE_INTEGER));
    await expect(sink.set('s', 'late', token(Number.MAX_SAFE_INTEGER - 1))).rejects.toThrow(StaleFenceError);
    expect((await sink.peek('s'))?.fence).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('answers a write whose reply was lost as the first time', async () => {
    await sink.set('s', 'a', token(1));
    await redis.script('FLUSH'); // the resend goes to a server that has forgotten the script
    await sink.set('s', 'a', token(1));
    expect(await sink.peek('s')).toEqual({ value: 'a', runId: 'run-a', fence: 1 });
  });

  it('refuses a stale write that would bring a removed value back', async () => {
    await sink.set('s', 'a', token(1));
    await sink.remove('s', token(2));
    await expect(sink.set('s', 'a', token(1))).rejects.toThrow(StaleFenceError);
    expect(await sink.read('s', token(2))).toBeUndefined();
  });

  it('refuses a stale write between the read and the write of the successor', async () => {
    await sink.set('s', '5', token(1));
    expect(await sink.read('s', token(2))).toBe('5');
    await expect(sink.set('s', '6', token(1))).rejects.toThrow(StaleFenceError);
    await sink.set('s', '7', token(2));
    expect(await sink.read('s', token(2))).toBe('7');
  });

  it('lets a new run take over from token 1 on, and its predecessors write no more, whatever their token', async () => {
    await sink.set('s', 'a', token(70, 'run-a'));
    await sink.set('s', 'b', token(1, 'run-b'));
    await expect(sink.set('s', 'a', token(71, 'run-a'))).rejects.toThrow('it has seen fence 1 of run run-b');
    await sink.set('s', 'c', token(1, 'run-c'));
    await expect(sink.set('s', 'a', token(72, 'run-a'))).rejects.toThrow(StaleFenceError);
    await expect(sink.set('s', 'b', token(2, 'run-b'))).rejects.toThrow(StaleFenceError);
    expect((await sink.peek('s'))?.value).toBe('c');
  });

  it('takes an older run that never wrote here for a new one, and the newer run is told', async () => {
    // Run ids have no order: this is what docs/guide/sinks.md says is left open.
    await sink.set('s', 'new', token(1, 'run-new'));
    await sink.set('s', 'old', token(7, 'run-old'));
    await expect(sink.set('s', 'new', token(2, 'run-new'))).rejects.toThrow('it has seen fence 7 of run run-old');
  });

  it('keeps what the greatest of 50 concurrent tokens wrote', async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 50, maxLength: 50 }), async (fences) => {
        const scope = `race-${++runs}`;
        const clients = [redis, redis.duplicate(), redis.duplicate()];
        const writes = fences.map((fence, i) =>
          new RedisFencedSink(clients[i % 3] as Redis, { prefix }).set(scope, `by ${fence}`, token(fence)),
        );
        const results = await Promise.allSettled(writes);
        clients.slice(1).forEach((client) => client.disconnect());
        const greatest = Math.max(...fences);
        expect(await sink.peek(scope)).toEqual({ value: `by ${greatest}`, runId: 'run-a', fence: greatest });
        for (const [i, result] of results.entries()) {
          if (fences[i] === greatest) expect(result.status).toBe('fulfilled');
          else if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(StaleFenceError);
        }
      }),
      { numRuns: 20 },
    );
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['a fence of 0', () => sink.set('s', 'a', token(0)), 'fence is 0; give an integer from 1 to 9007199254740991'],
    ['a fence of text', () => sink.set('s', 'a', { runId: 'r', fence: '1' as never }), 'fence is "1"'],
    ['no run', () => sink.set('s', 'a', { fence: 1 } as never), 'runId is undefined; give a string'],
    ['no token', () => sink.set('s', 'a', undefined as never), 'token is undefined; give { runId, fence }, or the step'],
    ['a value that is no text', () => sink.set('s', { a: 1 } as never, token(1)), 'value is a object; give a string'],
    ['an empty scope', () => sink.set('', 'a', token(1)), 'scope has 0 characters; give 1 to 512'],
    ['braces in the scope', () => sink.set('a{b}', 'a', token(1)), 'scope is "a{b}"; leave out { and }'],
    [
      'no key of the effect',
      () => sink.once('s', fencedScript('return 1'), token(1), {} as never),
      'idempotencyKey is undefined',
    ],
  ])('refuses %s, and writes nothing', async (_what, call, message) => {
    await expect(call()).rejects.toThrow(message);
    expect(await redis.keys(`${prefix}:*`)).toEqual([]);
  });

  it('remembers nothing after forget', async () => {
    await sink.set('s', 'a', token(5));
    await sink.forget('s');
    expect(await redis.keys(`${prefix}:*`)).toEqual([]);
    await sink.set('s', 'b', token(1));
  });
});

describe('a script of a user behind the check', () => {
  const deposit = fencedScript(`
    local balance = redis.call('INCRBY', KEYS[1], ARGV[1])
    redis.call('RPUSH', KEYS[2], ARGV[1])
    return { 'balance', balance, {} }
  `);
  const keys = () => [`${prefix}:{s}:balance`, `${prefix}:{s}:log`];
  const run = (fence: number, amount: number, idempotencyKey: string) =>
    sink.once('s', deposit, token(fence), { idempotencyKey, keys: keys(), args: [amount] });

  it('takes effect once per idempotency key, and repeats under later tokens get the first answer', async () => {
    expect(await run(1, 10, 'k-1')).toEqual(['balance', 10, []]);
    expect(await run(1, 10, 'k-1')).toEqual(['balance', 10, []]);
    expect(await run(2, 10, 'k-1')).toEqual(['balance', 10, []]);
    expect(await run(2, 5, 'k-2')).toEqual(['balance', 15, []]);
    expect(await redis.lrange(`${prefix}:{s}:log`, 0, -1)).toEqual(['10', '5']);
  });

  it('takes effect once where the reply was lost and the client sends the command again', async () => {
    const url = new URL(adminRedisUrl());
    const cutter = await startReplyCutter(Number(url.port));
    url.port = String(cutter.port);
    const through = new Redis(url.href);
    try {
      const lossy = new RedisFencedSink(through, { prefix });
      const once = (key: string) => lossy.once('s', deposit, token(1), { idempotencyKey: key, keys: keys(), args: [10] });
      await once('k-0');
      cutter.cutReplyTo('once:k-1');
      expect(await once('k-1')).toEqual(['balance', 20, []]);
      expect(cutter.cut).toBe(1);
      expect(await redis.lrange(`${prefix}:{s}:log`, 0, -1)).toEqual(['10', '10']);
    } finally {
      through.disconnect();
      await cutter.stop();
    }
  });

  it('does not run for a stale token, not even as a repeat', async () => {
    await run(1, 10, 'k-1');
    await run(2, 5, 'k-2');
    await expect(run(1, 10, 'k-1')).rejects.toThrow(StaleFenceError);
    await expect(run(1, 10, 'k-3')).rejects.toThrow(StaleFenceError);
    expect(await redis.get(`${prefix}:{s}:balance`)).toBe('15');
  });

  it('takes effect once where 20 attempts come at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => run(1, 10, 'k-1')));
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(new Set(['["balance",10,[]]']));
    expect(await redis.get(`${prefix}:{s}:balance`)).toBe('10');
  });

  it('keeps the token and no answer where the script breaks off', async () => {
    const broken = fencedScript(`redis.call('SET', KEYS[1], 'half') return redis.call('LPUSH', KEYS[1], 'x')`);
    const attempt = () => sink.once('s', broken, token(3), { idempotencyKey: 'k', keys: keys() });
    await expect(attempt()).rejects.toThrow('WRONGTYPE');
    await expect(sink.set('s', 'late', token(2))).rejects.toThrow(StaleFenceError);
    await expect(attempt()).rejects.toThrow('WRONGTYPE');
  });

  it('may answer nothing, a text or an error reply; an error is not kept', async () => {
    const once = (lua: string, idempotencyKey: string) => sink.once('s', fencedScript(lua), token(1), { idempotencyKey });
    for (let times = 0; times < 2; times++) {
      expect(await once(`redis.call('SET', 'unused-${prefix}', 1, 'PX', 1)`, 'none')).toBeUndefined();
      expect(await once(`return "$& 'text'" -- and a comment`, 'text')).toBe("$& 'text'");
      await expect(once(`return redis.error_reply('NO not now')`, 'error')).rejects.toThrow('NO not now');
    }
    expect(await redis.keys(`${prefix}:*:once:error`)).toEqual([]);
  });

  it('forgets answers after the time that is set', async () => {
    sink = new RedisFencedSink(redis, { prefix, keepAnswersMs: 5_000 });
    await run(1, 10, 'k-1');
    const left = await redis.pttl(`${prefix}:sink:{s}:once:k-1`);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(5_000);
  });
});
