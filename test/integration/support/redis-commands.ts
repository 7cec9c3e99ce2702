import fc from 'fast-check';

export type Words = readonly [name: string, ...args: (string | number)[]];

/** A command whose keys get their prefix when it is sent. */
export type Sketch = (prefix: string) => Words;

/** Replies whose order Redis leaves open. */
export const UNORDERED = new Set(['SMEMBERS', 'KEYS', 'SPOP']);

/** Few of each, so that commands meet. */
const key = fc.constantFrom('a', 'b', 'c').map((name) => (prefix: string) => `${prefix}:${name}`);
const word = fc.constantFrom('x', 'y', 'z', 'ü', '7', '-3', '', 'x y', 'longer than the others');
const whole = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -6, max: 6 }) },
  { weight: 1, arbitrary: fc.constantFrom('x', '1.5', '') },
);
const score = fc.oneof(
  fc.integer({ min: -5, max: 5 }),
  fc.constantFrom('0.5', '-2.25', '1e3', '+inf', '-inf', 'x', '1700000000000'),
);
const bound = fc.oneof(
  fc.integer({ min: -5, max: 5 }).map(String),
  fc.constantFrom('-inf', '+inf', '(1', '(-2', '(2.5', 'x', '(x'),
);
const lex = fc.constantFrom('-', '+', '[x', '(x', '[y', '(z', 'x');
const maybe = (...words: string[]) => fc.constantFrom<string[]>([], ...words.map((text) => text.split(' ')));

type Part = fc.Arbitrary<string | number | string[] | (string | number)[] | ((prefix: string) => string)>;

function of(name: string, ...parts: Part[]): fc.Arbitrary<Sketch> {
  return fc
    .tuple(...parts)
    .map(
      (drawn) => (prefix) =>
        [name, ...drawn.flatMap((part) => (typeof part === 'function' ? part(prefix) : part))] as unknown as Words,
    );
}

const words = fc.array(word, { minLength: 1, maxLength: 4 });
const pairs = fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 3 }).map((list) => list.flat());
const scored = fc
  .array(fc.tuple(score, word), { minLength: 1, maxLength: 3 })
  .map((list) => list.flat().map((part) => (typeof part === 'number' ? String(part) : part)));
const limit = fc.oneof(
  fc.constant<string[]>([]),
  fc.tuple(whole, whole).map(([offset, count]) => ['LIMIT', String(offset), String(count)]),
);

const hashes = [
  of('HSET', key, pairs),
  of('HSET', key, word, word, word),
  of('HSETNX', key, word, word),
  of('HGET', key, word),
  of('HMGET', key, words),
  of('HGETALL', key),
  of('HDEL', key, words),
  of('HEXISTS', key, word),
  of('HINCRBY', key, word, whole),
  of('HLEN', key),
  of('HKEYS', key),
  of('HVALS', key),
  of('HSTRLEN', key, word),
  of('HSCAN', key, fc.constantFrom('0', 'x'), maybe('MATCH *x*', 'COUNT 10', 'MATCH', 'NOPE 1')),
];

const lists = [
  of('RPUSH', key, words),
  of('LPUSH', key, words),
  of('RPUSHX', key, words),
  of('LPUSHX', key, words),
  of('LPOP', key, maybe('2', '0', '-1')),
  of('RPOP', key, maybe('2')),
  of('LLEN', key),
  of('LRANGE', key, whole, whole),
  of('LTRIM', key, whole, whole),
  of('LINDEX', key, whole),
  of('LSET', key, whole, word),
  of('LREM', key, whole, word),
  of('LMOVE', key, key, fc.constantFrom('LEFT', 'right', 'x'), fc.constantFrom('LEFT', 'RIGHT')),
  of('RPOPLPUSH', key, key),
];

const sortedSets = [
  of('ZADD', key, maybe('NX', 'XX', 'GT', 'LT', 'CH', 'XX GT CH', 'NX XX', 'GT LT', 'INCR', 'nx'), scored),
  of('ZADD', key, score, word, word),
  of('ZINCRBY', key, score, word),
  of('ZREM', key, words),
  of('ZSCORE', key, word),
  of('ZMSCORE', key, words),
  of('ZCARD', key),
  of('ZCOUNT', key, bound, bound),
  of('ZRANK', key, word),
  of('ZREVRANK', key, word),
  of('ZRANGE', key, whole, whole, maybe('WITHSCORES', 'REV', 'REV WITHSCORES', 'NOPE')),
  of('ZRANGE', key, bound, bound, fc.constant(['BYSCORE']), maybe('REV', 'WITHSCORES'), limit),
  of('ZREVRANGE', key, whole, whole, maybe('WITHSCORES')),
  of('ZRANGEBYSCORE', key, bound, bound, maybe('WITHSCORES'), limit),
  of('ZREVRANGEBYSCORE', key, bound, bound, maybe('WITHSCORES'), limit),
  of('ZREMRANGEBYRANK', key, whole, whole),
  of('ZREMRANGEBYSCORE', key, bound, bound),
  of('ZPOPMIN', key, maybe('2', '0', '-1')),
  of('ZPOPMAX', key, maybe('2')),
  of('ZSCAN', key, fc.constant('0'), maybe('MATCH *x*')),
];

/** Order by bytes says something only where all scores are the same. */
const ordered = (prefix: string) => `${prefix}:lex`;
const byBytes = [
  of('ZADD', fc.constant(ordered), fc.constant('0'), word),
  of('ZRANGEBYLEX', fc.constant(ordered), lex, lex, limit),
  of('ZREVRANGEBYLEX', fc.constant(ordered), lex, lex),
  of('ZLEXCOUNT', fc.constant(ordered), lex, lex),
  of('ZREMRANGEBYLEX', fc.constant(ordered), lex, lex),
];

const sets = [
  of('SADD', key, words),
  of('SREM', key, words),
  of('SMEMBERS', key),
  of('SISMEMBER', key, word),
  of('SMISMEMBER', key, words),
  of('SCARD', key),
  of('SPOP', key, fc.constantFrom('100', '0', '-1', 'x')),
  of('SSCAN', key, fc.constant('0'), maybe('COUNT 100', 'COUNT 0')),
];

const expiry = maybe('EX 1000', 'PX 100000', 'NX', 'XX', 'NX EX 1000', 'GET', 'KEEPTTL', 'EX 0', 'EX', 'NX XX', 'XX GET', 'EX x');
const strings = [
  of('SET', key, word, expiry),
  of('SETNX', key, word),
  of('SETEX', key, fc.constantFrom('1000', '0', '-1', 'x'), word),
  of('GET', key),
  of('GETDEL', key),
  of('MGET', key, key),
  of('APPEND', key, word),
  of('STRLEN', key),
  of('INCR', key),
  of('DECR', key),
  of('INCRBY', key, whole),
  of('DECRBY', key, whole),
  of('INCRBY', key, fc.constantFrom('9223372036854775807', '9223372036854775808', '-9223372036854775808')),
];

const keys = [
  of('DEL', key),
  of('DEL', key, key),
  of('UNLINK', key),
  of('EXISTS', key, key),
  of('TYPE', key),
  of('EXPIRE', key, fc.constantFrom('1000', '2000', '0', '-1', 'x'), maybe('NX', 'XX', 'GT', 'LT', 'nope')),
  of('PEXPIRE', key, fc.constantFrom('1000000', '-1')),
  of('PERSIST', key),
  of('TTL', key),
  of('RENAME', key, key),
];

const wrong = [
  of('HGET', key),
  of('ZADD', key, word),
  of('GET'),
  of('LPUSH', key),
  of('TIME', word),
  of('PING', word),
  of('ECHO', word),
];

export const command: fc.Arbitrary<Sketch> = fc.oneof(
  ...[hashes, lists, sortedSets, byBytes, sets, strings, keys].map((group) => ({ weight: 6, arbitrary: fc.oneof(...group) })),
  { weight: 1, arbitrary: fc.oneof(...wrong) },
);
