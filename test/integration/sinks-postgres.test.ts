import * as fc from 'fast-check';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import {
  createFenceTables,
  fenceColumnsSql,
  fencedTransaction,
  fencedUpsert,
  pruneOnce,
  StaleFenceError,
  type FencedTransaction,
  type FenceToken,
  type TableName,
} from '@stile/lease';
import { startLocalPostgres, type LocalPostgres } from '../support/local-postgres';
import { adminRedisUrl } from '../support/admin';
import { uniquePrefix, waitFor } from '../support/redis';
import { pausedWriter } from './support/paused-writer';
import { startReplyCutter } from './support/reply-cutter';

let postgres: LocalPostgres;
let pool: Pool;
let redis: Redis;
let tables = 0;
let table: string;
let scope: string;

beforeAll(async () => {
  postgres = await startLocalPostgres();
  pool = new Pool({ connectionString: postgres.url, max: 10 });
  // pool.end() does not wait for its connections to be gone: those still see the server stop.
  pool.on('error', () => undefined);
  redis = new Redis(adminRedisUrl());
  await createFenceTables(pool);
}, 60_000);
afterAll(async () => {
  await pool?.end();
  await postgres?.stop();
  await redis?.quit();
});
beforeEach(async () => {
  table = `balances_${++tables}`;
  scope = `scope-${tables}`;
  await pool.query(`CREATE TABLE ${table} (account text PRIMARY KEY, amount int NOT NULL)`);
  await pool.query(fenceColumnsSql(table));
});

const token = (fence: number, runId = 'run-a'): FenceToken => ({ runId, fence });
const upsert = (amount: number, by: FenceToken, account = 'a') =>
  fencedUpsert(pool, { table, key: { account }, set: { amount } }, by);
const at = (fence: number, more: Partial<FencedTransaction> = {}): FencedTransaction => ({ scope, ...token(fence), ...more });

async function amountOf(account: string): Promise<number | undefined> {
  const { rows } = await pool.query<{ amount: number }>(`SELECT amount FROM ${table} WHERE account = $1`, [account]);
  return rows[0]?.amount;
}

describe('a worker that is paused between its read and its write', () => {
  const story = (account: Parameters<typeof pausedWriter>[2]) => pausedWriter(redis, uniquePrefix('sinks-postgres'), account);
  const read = async () => (await amountOf('account-7')) ?? 0;

  it('takes away what its successor wrote, where it writes with INSERT … ON CONFLICT', async () => {
    const sql = `INSERT INTO ${table} VALUES ($1, $2) ON CONFLICT (account) DO UPDATE SET amount = excluded.amount`;
    const end = await story({ read, write: async (_step, balance) => void (await pool.query(sql, ['account-7', balance])) });
    expect(end).toEqual({ balance: 1, refusal: undefined, fences: [1, 2] });
  });

  it('is refused by fencedUpsert, and nothing is lost', async () => {
    const end = await story({ read, write: (step, balance) => upsert(balance, step, 'account-7') });
    expect(end).toMatchObject({ balance: 10, refusal: expect.any(StaleFenceError) });
    expect(end.refusal).toMatchObject({ given: { fence: 1 }, kept: { fence: 2 }, scope: `${table} {"account":"account-7"}` });
  });

  it('is refused by fencedTransaction, and nothing is lost', async () => {
    const write = `INSERT INTO ${table} VALUES ($1, $2) ON CONFLICT (account) DO UPDATE SET amount = excluded.amount`;
    const end = await story({
      read: ({ runId, fence }) => fencedTransaction(pool, { scope, runId, fence }, read),
      write: ({ runId, fence }, balance) =>
        fencedTransaction(
          pool,
          { scope, runId, fence },
          async (client) => void (await client.query(write, ['account-7', balance])),
        ),
    });
    expect(end).toMatchObject({ balance: 10, refusal: { code: 'STALE_FENCE', scope, given: { fence: 1 }, kept: { fence: 2 } } });
  });
});

describe('fencedUpsert', () => {
  it('lets equal and greater tokens write, and no lower one', async () => {
    for (const fence of [4, 4, 9, 10]) await upsert(fence, token(fence));
    await expect(upsert(1, token(9))).rejects.toThrow(`fence 9 of run run-a: it has seen fence 10 of run run-a`);
    await upsert(2, token(Number.MAX_SAFE_INTEGER));
    await expect(upsert(3, token(Number.MAX_SAFE_INTEGER - 1))).rejects.toThrow(StaleFenceError);
    expect(await amountOf('a')).toBe(2);
  });

  it('lets a new run take over from token 1 on, and its predecessors write no more, whatever their token', async () => {
    await upsert(1, token(70, 'run-a'));
    await upsert(2, token(1, 'run-b'));
    await upsert(3, token(1, 'run-c'));
    await expect(upsert(4, token(71, 'run-a'))).rejects.toThrow('it has seen fence 1 of run run-c');
    await expect(upsert(5, token(2, 'run-b'))).rejects.toThrow(StaleFenceError);
    await upsert(6, token(1, 'run-c'));
    expect(await amountOf('a')).toBe(6);
  });

  it('takes any token for a row of before the columns, and compares from then on', async () => {
    await pool.query(`INSERT INTO ${table} VALUES ('old', 1)`);
    await upsert(2, token(3), 'old');
    await expect(upsert(3, token(2), 'old')).rejects.toThrow(StaleFenceError);
    expect(await amountOf('old')).toBe(2);
  });

  it('keeps what the greatest of 50 concurrent tokens wrote', async () => {
    let rows = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 50, maxLength: 50 }), async (fences) => {
        const account = `race-${++rows}`;
        const results = await Promise.allSettled(fences.map((fence) => upsert(fence, token(fence), account)));
        expect(await amountOf(account)).toBe(Math.max(...fences));
        for (const result of results) if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(StaleFenceError);
      }),
      { numRuns: 10 },
    );
  });

  it('takes part in a transaction of the user', async () => {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      await fencedUpsert(client, { table, key: { account: 'a' }, set: { amount: 1 } }, token(5));
      await client.query('ROLLBACK');
    } finally {
      client.release();
    }
    await upsert(2, token(1));
    expect(await amountOf('a')).toBe(2);
  });

  it('quotes every name, so that none can end the statement', async () => {
    const name = `x"; DROP TABLE ${table}; --`;
    const quoted = `"${name.replaceAll('"', '""')}"`;
    await pool.query(`CREATE SCHEMA "Odd ""${tables}"`);
    const odd: TableName = [`Odd "${tables}`, name];
    await pool.query(`CREATE TABLE "Odd ""${tables}".${quoted} (${quoted} text PRIMARY KEY, "sum total" int)`);
    await pool.query(fenceColumnsSql(odd));
    const write = () => fencedUpsert(pool, { table: odd, key: { [name]: `'; --` }, set: { 'sum total': 3 } }, token(1));
    await write();
    await write();
    const { rows } = await pool.query(`SELECT ${quoted} AS id, "sum total" AS sum FROM "Odd ""${tables}".${quoted}`);
    expect(rows).toEqual([{ id: `'; --`, sum: 3 }]);
  });

  it.each<[string, object, string]>([
    ['a table without a name', { table: '' }, 'table is "", 0 bytes; give 1 to 63'],
    ['a name that the server would cut off', { set: { ['é'.repeat(32)]: 1 } }, '64 bytes; give 1 to 63'],
    ['a name with NUL', { table: 'a\0b' }, 'table has a NUL character'],
    ['a row without a key', { key: {} }, 'key names no column'],
    ['an undefined value', { set: { amount: undefined } }, 'undefined; give null, or leave the column out'],
    ['a fence of 0', { fence: 0 }, 'fence is 0'],
  ])('refuses %s', async (_what, wrong: { fence?: number }, message) => {
    const row = { table, key: { account: 'a' }, set: { amount: 1 }, ...wrong };
    await expect(fencedUpsert(pool, row, token(wrong.fence ?? 1))).rejects.toThrow(message);
    expect(await amountOf('a')).toBeUndefined();
  });
});

describe('fencedTransaction', () => {
  const add = (amount: number, account = 'a') => ({
    text: `INSERT INTO ${table} VALUES ($2, $1) ON CONFLICT (account) DO UPDATE SET amount = ${table}.amount + excluded.amount`,
    values: [amount, account],
  });

  it('commits writes and token together, or neither', async () => {
    const failing = fencedTransaction(pool, at(5), async (client) => {
      await client.query(add(1));
      throw new Error('no luck');
    });
    await expect(failing).rejects.toThrow('no luck');
    expect(await amountOf('a')).toBeUndefined();
    // The token of what was rolled back was not seen.
    await fencedTransaction(pool, at(4), (client) => client.query(add(1)));
    expect(await amountOf('a')).toBe(1);
  });

  it('does not call the work of a stale token, and leaves the pool whole', async () => {
    await fencedTransaction(pool, at(2), async () => undefined);
    const work = jest.fn();
    await expect(fencedTransaction(pool, at(1), work)).rejects.toThrow(StaleFenceError);
    expect(work).not.toHaveBeenCalled();
    expect([pool.waitingCount, pool.totalCount - pool.idleCount]).toEqual([0, 0]);
  });

  it('adds up what 50 concurrent attempts of random tokens were let do, one after the other', async () => {
    const fences = fc.sample(fc.integer({ min: 1, max: 1000 }), { numRuns: 50, seed: 11 });
    const order: number[] = [];
    const results = await Promise.allSettled(
      fences.map((fence) =>
        fencedTransaction(pool, at(fence), async (client) => {
          const { rows } = await client.query<{ amount: number }>(`SELECT amount FROM ${table} WHERE account = 'a'`);
          await client.query(`DELETE FROM ${table}`);
          await client.query(`INSERT INTO ${table} VALUES ('a', $1)`, [(rows[0]?.amount ?? 0) + 1]);
          order.push(fence);
        }),
      ),
    );
    const done = results.filter(({ status }) => status === 'fulfilled').length;
    expect(await amountOf('a')).toBe(done);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order.at(-1)).toBe(Math.max(...fences));
  });

  it('rolls a worker back that is paused in it, lets its successor in, and tells the paused one', async () => {
    let wake = () => {};
    const woken = new Promise<void>((resolve) => (wake = resolve));
    const paused = fencedTransaction(pool, at(1, { idleTimeoutMs: 200 }), async (client) => {
      await client.query(add(1));
      await woken;
      await client.query(add(1));
    });
    const told = expect(paused).rejects.toThrow();
    await waitFor(async () => (await pool.query(`SELECT 1 FROM pg_stat_activity WHERE state = 'idle in transaction'`)).rowCount, {
      what: 'the paused transaction',
    });
    await fencedTransaction(pool, at(2), (client) => client.query(add(10)));
    wake();
    await told;
    expect(await amountOf('a')).toBe(10);
    expect(pool.totalCount - pool.idleCount).toBe(0);
  });

  it('gives up waiting for another transaction of its scope after lockTimeoutMs', async () => {
    await fencedTransaction(pool, at(1), async () => {
      const second = fencedTransaction(pool, at(2, { lockTimeoutMs: 50 }), async () => undefined);
      await expect(second).rejects.toMatchObject({ code: '55P03' });
    });
  });

  it.each(['repeatable read', 'serializable'] as const)(
    'lets one of two at once through under %s, and the other begin again',
    async (isolation) => {
      await fencedTransaction(pool, at(1), async () => undefined);
      let second: Promise<unknown> = Promise.resolve();
      await fencedTransaction(pool, at(2, { isolation }), async (client) => {
        second = expect(fencedTransaction(pool, at(2, { isolation }), async () => undefined)).rejects.toMatchObject({
          code: '40001',
        });
        await waitFor(async () => (await pool.query(`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'`)).rowCount, {
          what: 'the second to wait',
        });
        await client.query(add(1));
      });
      await second;
      await fencedTransaction(pool, at(2, { isolation }), (client) => client.query(add(1)));
      expect(await amountOf('a')).toBe(2);
    },
  );

  it('does not pass for done where the work went on after a statement that failed', async () => {
    const swallowed = fencedTransaction(pool, at(1), async (client) => {
      await client.query(add(1));
      await client.query('SELECT 1/0').catch(() => undefined);
    });
    await expect(swallowed).rejects.toThrow('the server answered ROLLBACK to COMMIT');
    expect(await amountOf('a')).toBeUndefined();
  });

  it.each<[string, Partial<FencedTransaction>, string]>([
    [
      'an isolation level that is none',
      { isolation: 'chaos; DROP' as never },
      'isolation is "chaos; DROP"; give one of: read committed',
    ],
    ['a time of 0', { idleTimeoutMs: 0 }, 'idleTimeoutMs is 0; give an integer from 1'],
    ['an empty scope', { scope: '' }, 'scope has 0 characters'],
    ['a fence that is no integer', { fence: 1.5 }, 'fence is 1.5'],
  ])('refuses %s', async (_what, wrong, message) => {
    await expect(fencedTransaction(pool, at(1, wrong), async () => undefined)).rejects.toThrow(message);
  });

  describe('once', () => {
    const charge = (fence: number, key = 'key-1', on = pool) =>
      fencedTransaction(on, at(fence), (client, once) =>
        once(key, async () => {
          await client.query(add(10));
          return { receipt: `r-${fence}` };
        }),
      );

    it('runs an effect once per idempotency key, and repeats under later tokens get the first answer', async () => {
      for (const fence of [1, 1, 2]) expect(await charge(fence)).toEqual({ receipt: 'r-1' });
      expect(await charge(2, 'key-2')).toEqual({ receipt: 'r-2' });
      expect(await amountOf('a')).toBe(20);
      await expect(charge(1)).rejects.toThrow(StaleFenceError);
    });

    it('runs it once where 20 attempts come at the same time', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => charge(1)));
      expect(answers).toEqual(Array(20).fill({ receipt: 'r-1' }));
      expect(await amountOf('a')).toBe(10);
    });

    it('is not doubled by the attempt that follows a COMMIT whose reply was lost', async () => {
      const cutter = await startReplyCutter(postgres.port);
      const url = new URL(postgres.url);
      url.port = String(cutter.port);
      const through = new Pool({ connectionString: url.href });
      try {
        cutter.cutReplyTo('COMMIT\0'); // not the one in READ COMMITTED
        await expect(charge(1, 'key-1', through)).rejects.toThrow();
        expect(cutter.cut).toBe(1);
        expect(await charge(2, 'key-1', through)).toEqual({ receipt: 'r-1' });
        expect(await amountOf('a')).toBe(10);
      } finally {
        await through.end();
        await cutter.stop();
      }
    });

    it('leaves nothing of an effect that throws, even where the work goes on', async () => {
      await fencedTransaction(pool, at(1), async (client, once) => {
        const effect = once('key-1', async () => {
          await client.query(add(10));
          await client.query('SELECT 1/0');
        });
        await expect(effect).rejects.toThrow('division by zero');
        await client.query(add(1, 'note'));
      });
      expect([await amountOf('a'), await amountOf('note')]).toEqual([undefined, 1]);
      expect(await charge(2)).toEqual({ receipt: 'r-2' });
    });

    it('refuses one key for two effects of a transaction, and keeps the keys of scopes apart', async () => {
      const twice = fencedTransaction(pool, at(1), async (_client, once) => {
        await once('key-1', async () => 1);
        await once('key-1', async () => 2);
      });
      await expect(twice).rejects.toThrow('idempotencyKey key-1 names two effects');
      const other = { ...at(1), scope: `${scope}-other` };
      expect(await fencedTransaction(pool, at(1), (_client, once) => once('key-1', async () => 1))).toBe(1);
      expect(await fencedTransaction(pool, other, (_client, once) => once('key-1', async () => undefined))).toBeUndefined();
      expect(await fencedTransaction(pool, other, (_client, once) => once('key-1', async () => 3))).toBeUndefined();
    });

    it('forgets what is older than pruneOnce is told', async () => {
      await charge(1);
      await pool.query(`UPDATE stile_once SET done_at = done_at - interval '8 days' WHERE scope = $1`, [scope]);
      await charge(1, 'key-2');
      expect(await pruneOnce(pool, 7 * 86_400_000)).toBe(1);
      expect((await pool.query('SELECT key FROM stile_once WHERE scope = $1', [scope])).rows).toEqual([{ key: 'key-2' }]);
    });
  });
});

describe('createFenceTables', () => {
  it('may be called by many at once, and again, in any schema', async () => {
    await pool.query('CREATE SCHEMA "Ledger"');
    await Promise.all(Array.from({ length: 8 }, () => createFenceTables(pool, { schema: 'Ledger' })));
    await createFenceTables(pool, { schema: 'Ledger' });
    await fencedTransaction(pool, at(1, { schema: 'Ledger' }), (_client, once) => once('k', async () => 1));
    expect((await pool.query('SELECT scope FROM "Ledger".stile_once')).rows).toEqual([{ scope }]);
    expect((await pool.query('SELECT scope FROM stile_fences WHERE scope = $1', [scope])).rows).toEqual([]);
  });
});
