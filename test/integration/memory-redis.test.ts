import { join } from 'node:path';
import { leaseScriptFolder, loadScripts } from '@stile/lease';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { MemoryRedis } from '../../libs/machine/src/testing/memory-redis/memory-redis';
import { adminRedisUrl } from '../support/admin';
import { uniquePrefix } from '../support/redis';
import { dumpKeys } from './support/dump-keys';
import { command, UNORDERED, type Words } from './support/redis-commands';
import { SNIPPETS } from './support/lua-snippets';

/** Fixed, so that a failure comes again; another one finds other sequences. */
const SEED = 20_260_101;

describe('MemoryRedis beside a real one', () => {
  const real = new Redis(adminRedisUrl(), { maxRetriesPerRequest: null });
  const memory = new MemoryRedis();
  let prefix: string;

  beforeEach(() => {
    prefix = uniquePrefix('memory');
  });
  afterEach(async () => {
    const keys = Object.keys(await dumpKeys(real, prefix));
    if (keys.length > 0) await real.del(keys);
    await memory.flushall();
  });
  afterAll(() => real.disconnect());

  /** What a client gives back, errors included. */
  async function answer(redis: Redis, [name, ...args]: Words): Promise<unknown> {
    try {
      return comparable(name, await redis.call(name.toLowerCase(), ...args));
    } catch (error) {
      const { name: kind, message } = error as Error;
      return { kind, message };
    }
  }

  function comparable(name: string, reply: unknown): unknown {
    if (reply instanceof Error) return { kind: reply.name, message: reply.message };
    if (!Array.isArray(reply)) return reply;
    const items = reply.map((item) => comparable('', item));
    if (name.endsWith('SCAN') && name !== 'ZSCAN' && name !== 'HSCAN') return [items[0], [...(items[1] as unknown[])].sort()];
    return UNORDERED.has(name) ? [...items].sort() : items;
  }

  it('answers random sequences of commands alike, and keeps the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 40 }), async (sequence) => {
        const run = uniquePrefix(prefix);
        for (const sketch of sequence) {
          const words = sketch(run);
          const expected = await answer(real, words);
          expect({ words, reply: await answer(memory, words) }).toEqual({ words, reply: expected });
        }
        expect(await dumpKeys(memory, run)).toEqual(await dumpKeys(real, run));
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('answers random sequences alike where a script sends them', async () => {
    const lua = `
      local out = {}
      local i = 1
      while i <= #ARGV do
        local words = {}
        for j = 1, tonumber(ARGV[i]) do words[j] = ARGV[i + j] end
        i = i + #words + 1
        out[#out + 1] = redis.pcall(unpack(words))
      end
      return out`;
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 20 }), async (sequence) => {
        const run = uniquePrefix(prefix);
        const sent = sequence.map((sketch) => sketch(run)).filter(([name]) => !UNORDERED.has(name) && !name.endsWith('SCAN'));
        const args = sent.flatMap((words) => [words.length, ...words]);
        const expected = await answer(real, ['EVAL', lua, 0, ...args]);
        expect({ sent, reply: await answer(memory, ['EVAL', lua, 0, ...args]) }).toEqual({ sent, reply: expected });
        expect(await dumpKeys(memory, run)).toEqual(await dumpKeys(real, run));
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  it.each(SNIPPETS.map((lua) => [lua.trim(), lua]))('runs Lua as Redis does: %s', async (_title, lua) => {
    const words: Words = ['EVAL', lua, 2, `${prefix}:hash`, `${prefix}:new`, '1700000000', 'ü', '9007199254740993', ''];
    await Promise.all([real, memory].map((redis) => redis.hset(`${prefix}:hash`, { a: '1', b: 'zwei' })));
    const expected = await answer(real, words);
    expect(await answer(memory, words)).toEqual(expected);
  });

  it('takes every script there is, under the same hash', async () => {
    const machines = join(__dirname, '..', '..', 'libs', 'machine', 'src', 'redis', 'lua');
    const scripts = [...loadScripts(leaseScriptFolder).values(), ...loadScripts(machines, [leaseScriptFolder]).values()];
    expect(scripts.length).toBeGreaterThan(15);
    for (const { lua, sha } of scripts) {
      expect([await real.script('LOAD', lua), await memory.script('LOAD', lua)]).toEqual([sha, sha]);
    }
  });

  it('formats and reads numbers as Lua 5.1 does', async () => {
    const lua = `
      local n = tonumber(ARGV[1])
      return { tostring(n), n .. '', string.format('%.0f|%.3f|%g|%e|%5.1f|%-8.2f|%+d|%08d', n, n, n, n, n, n, n, n), tostring(math.floor(n)),
        tostring(n == math.floor(n) and math.abs(n) < 2 ^ 40 and n % 7 + 0), tostring(-n), tostring(n * 1000 + 1), tostring(n == math.floor(n)) }`;
    const number = fc.oneof(
      fc.integer(),
      fc.maxSafeInteger(),
      fc.integer().map((n) => n / 2),
      fc.float({ noNaN: true, noDefaultInfinity: true }),
    );
    await fc.assert(
      fc.asyncProperty(number, async (n) => {
        const expected = await answer(real, ['EVAL', lua, 0, String(n)]);
        expect({ n, reply: await answer(memory, ['EVAL', lua, 0, String(n)]) }).toEqual({ n, reply: expected });
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});

describe('MemoryRedis alone', () => {
  it('tells the time of its clock, and lets keys expire by it', async () => {
    let now = 1_700_000_000_000.25;
    const redis = new MemoryRedis({ now: () => now });
    expect(await redis.time()).toEqual(['1700000000', '250']);
    await redis.set('key', 'x', 'PX', 1000);
    await redis.set('other', 'y');
    expect([await redis.pttl('key'), await redis.ttl('key'), await redis.pttl('other'), await redis.pttl('none')]).toEqual([
      1000, 1, -1, -2,
    ]);
    now += 999;
    expect(await redis.get('key')).toBe('x');
    now += 1;
    expect(await redis.get('key')).toBeNull();
    expect(await redis.keys('*')).toEqual(['other']);
    expect(await redis.eval("return redis.call('TIME')", 0)).toEqual(['1700000001', '250']);
  });

  it('has another identity after a failover, keeps its data and knows no script', async () => {
    const redis = new MemoryRedis();
    const identity = async () => /master_replid:([0-9a-f]{40})\r\n/.exec(await redis.info('replication'))?.[1];
    const before = await identity();
    await redis.set('key', 'x');
    const sha = (await redis.script('LOAD', 'return 1')) as string;
    expect(await redis.evalsha(sha, 0)).toBe(1);
    redis.server.failover();
    expect(await identity()).not.toBe(before);
    expect(await redis.get('key')).toBe('x');
    await expect(redis.evalsha(sha, 0)).rejects.toThrow(/^NOSCRIPT/);
  });

  it('never evicts, as far as it says', async () => {
    expect(await new MemoryRedis().info('memory')).toContain('maxmemory_policy:noeviction');
  });

  it('refuses a command that it does not have, by name', async () => {
    const redis = new MemoryRedis();
    await expect(redis.xadd('stream', '*', 'a', '1')).rejects.toThrow("unknown command 'xadd'");
    await expect(redis.eval("return redis.call('XADD', 'stream', '*', 'a', '1')", 0)).rejects.toThrow("unknown command 'XADD'");
  });

  it('shares a server between clients, and takes no command on a closed one', async () => {
    const redis = new MemoryRedis();
    const other = redis.duplicate();
    await redis.set('key', 'x');
    expect(await other.get('key')).toBe('x');
    redis.disconnect();
    await expect(redis.get('key')).rejects.toThrow('Connection is closed.');
    expect(await other.get('key')).toBe('x');
  });

  it('runs pipelines and transactions, each command with an error of its own', async () => {
    const redis = new MemoryRedis();
    await redis.hset('hash', { a: '1' });
    const wrong = expect.objectContaining({ message: expect.stringMatching(/^WRONGTYPE/) as string }) as Error;
    expect(await redis.pipeline().hincrby('hash', 'a', 2).get('hash').hgetall('hash').exec()).toEqual([
      [null, 3],
      [wrong],
      [null, { a: '3' }],
    ]);
    expect(await redis.multi().hgetall('hash').get('hash').exec()).toEqual([[null, { a: '3' }], [wrong]]);
  });

  it('gives bytes where bytes are asked for', async () => {
    const redis = new MemoryRedis();
    await redis.set('key', Buffer.from([0, 255, 128]));
    expect(await redis.getBuffer('key')).toEqual(Buffer.from([0, 255, 128]));
    expect(await redis.strlen('key')).toBe(3);
  });

  it('leaves the Lua of others as it is', async () => {
    const { lauxlib, lua, lualib } = await import('fengari');
    const L = lauxlib.luaL_newstate();
    lauxlib.luaL_requiref(L, Buffer.from('_G'), lualib.luaopen_base, 1);
    const run = (code: string) => {
      lauxlib.luaL_loadbuffer(L, Buffer.from(code), code.length, Buffer.from('x'));
      lua.lua_pcall(L, 0, 1, 0);
      return Buffer.from(lua.lua_tostring(L, -1) ?? []).toString();
    };
    await new MemoryRedis().eval('return 1', 0);
    expect(run("return 4 / 2 .. ''")).toBe('2.0');
  });
});
