import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  createFenceTables,
  fenceColumnsSql,
  fencedScript,
  fencedTransaction,
  fencedUpsert,
  fenceGuard,
  fenceHeaders,
  guardedRequest,
  RedisAnswerStore,
  RedisFencedSink,
} from '@stile/lease';
import { RetryAfterError, type Context, type Step } from '@stile/machine';
import { TestKit } from '@stile/machine/testing';
import express from 'express';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import { startLocalPostgres, type LocalPostgres } from '../support/local-postgres';
import { adminRedisUrl } from '../support/admin';
import { uniquePrefix } from '../support/redis';

const prefix = uniquePrefix('sinks-guide');
const correlationId = 'shop-1';
let postgres: LocalPostgres;
let pool: Pool;
let redis: Redis;
let server: Server;
let shop: string;

beforeAll(async () => {
  postgres = await startLocalPostgres();
  pool = new Pool({ connectionString: postgres.url });
  pool.on('error', () => undefined);
  redis = new Redis(adminRedisUrl(), { keyPrefix: `${prefix}:` });
}, 60_000);
afterAll(async () => {
  server?.close();
  const keys = await redis.keys(`${prefix}:*`);
  if (keys.length > 0) await redis.del(keys.map((key) => key.slice(prefix.length + 1)));
  await redis.quit();
  await pool?.end();
  await postgres?.stop();
});

/**
 * Runs `work` as the action of a machine whose worker dies when the work is done and nothing of it is committed: the effect is there,
 * and a second attempt comes, under a greater token.
 */
async function runTwice(work: (context: Context, step: Step) => Promise<void>): Promise<number[]> {
  const fences: number[] = [];
  const action = async (context: Context, step: Step) => {
    fences.push(step.fence);
    await work(context, step);
    return 'done';
  };
  const yaml = `
machines:
  - name: shop
    states:
      - { name: work, initial: true, do_action: work, transitions: [{ event: done, target: ended }] }
      - { name: ended, final: true }`;
  const kit = await TestKit.create({ machines: [yaml], actions: { work: action }, patienceMs: 5_000 });
  kit.killAt('in action', { steps: 0 });
  const machine = await kit.start('shop', { account: 'a-1', amount: 10 }, { correlationId });
  await kit.until(machine, 'completed', '5m');
  return fences;
}

describe('the guide to sinks', () => {
  it('shows the code of this test', () => {
    const guide = readFileSync(join(__dirname, '..', '..', 'docs', 'guide', 'sinks.md'), 'utf8');
    const here = readFileSync(__filename, 'utf8');
    const parts = [...here.matchAll(/^( *)\/\/ guide: .*\n([\s\S]*?)^ *\/\/ end$/gm)];
    expect(parts).toHaveLength(6);
    for (const [, indent = '', text = ''] of parts) {
      expect(guide).toContain(text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''));
    }
  });

  it('a value in Redis', async () => {
    // guide: redis
    const sink = new RedisFencedSink(redis);
    async function addUp(context: Context, step: Step) {
      const before = Number((await sink.read(`total-${step.correlationId}`, step)) ?? 0); // earlier tokens are refused from here on
      await sink.set(`total-${step.correlationId}`, String(before + context.amount), step);
    }
    // end
    expect(await runTwice(addUp)).toEqual([1, 2]);
    // Both attempts added: a fence keeps others out, it does not recognise repeats.
    expect((await sink.peek(`total-${correlationId}`))?.value).toBe('20');
  });

  it('several keys in Redis, once', async () => {
    // guide: redis once
    const sink = new RedisFencedSink(redis);
    const deposit = fencedScript(`
      redis.call('RPUSH', KEYS[2], ARGV[1])
      return redis.call('INCRBY', KEYS[1], ARGV[1])
    `);
    async function book(context: Context, step: Step) {
      const keys = [`{${step.correlationId}}:balance`, `{${step.correlationId}}:entries`];
      context.balance = await sink.once(step.correlationId, deposit, step, {
        idempotencyKey: step.idempotencyKey,
        keys,
        args: [context.amount],
      });
    }
    // end
    expect(await runTwice(book)).toEqual([1, 2]);
    expect([await redis.get(`{${correlationId}}:balance`), await redis.llen(`{${correlationId}}:entries`)]).toEqual(['10', 1]);
  });

  it('a row in PostgreSQL', async () => {
    await pool.query('CREATE TABLE shipments (order_id text PRIMARY KEY, carrier text, eta date)');
    // guide: upsert
    await pool.query(fenceColumnsSql('shipments')); // adds stile_run, stile_fence and stile_retired; once, in a migration
    async function ship(_context: Context, step: Step) {
      const shipment = { table: 'shipments', key: { order_id: step.correlationId }, set: { carrier: 'post', eta: '2030-01-01' } };
      await fencedUpsert(pool, shipment, step);
    }
    // end
    expect(await runTwice(ship)).toEqual([1, 2]);
    expect((await pool.query('SELECT carrier, stile_fence FROM shipments')).rows).toEqual([
      { carrier: 'post', stile_fence: '2' },
    ]);
  });

  it('a transaction in PostgreSQL', async () => {
    await pool.query('CREATE TABLE charges (account text, amount int)');
    // guide: transaction
    await createFenceTables(pool); // stile_fences and stile_once; fenceTablesSql() gives the SQL for a migration of yours
    async function charge(context: Context, step: Step) {
      const who = { scope: `charge-${step.correlationId}`, runId: step.runId, fence: step.fence };
      context.receipt = await fencedTransaction(pool, who, (client, once) =>
        once(step.idempotencyKey, async () => {
          await client.query('INSERT INTO charges VALUES ($1, $2)', [context.account, context.amount]);
          return `receipt of ${step.correlationId}`;
        }),
      );
    }
    // end
    expect(await runTwice(charge)).toEqual([1, 2]);
    expect((await pool.query('SELECT * FROM charges')).rows).toEqual([{ account: 'a-1', amount: 10 }]);
  });

  it('a server of your own', async () => {
    await createFenceTables(pool);
    await pool.query('CREATE TABLE orders (id text, amount int)');
    const app = express().use(express.json());
    // guide: server
    const guard = fenceGuard({ store: new RedisAnswerStore(redis), onError: (error) => console.error(error) });
    app.post('/orders', guard, async (request, response) => {
      const sender = guardedRequest(request)!;
      const id = await fencedTransaction(pool, { ...sender, scope: `orders-${sender.scope}` }, (client, once) =>
        once(sender.idempotencyKey, async () => {
          await client.query('INSERT INTO orders VALUES ($1, $2)', [sender.correlationId, request.body.amount]);
          return sender.correlationId;
        }),
      );
      response.status(201).json({ id });
    });
    // end
    server = await new Promise((resolve) => {
      const started = app.listen(0, '127.0.0.1', () => resolve(started));
    });
    shop = `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`;
    // guide: client
    async function order(context: Context, step: Step) {
      const response = await fetch(shop, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...fenceHeaders(step) },
        body: JSON.stringify({ amount: context.amount }), // the same for every attempt: no clock, no random number, no token
        signal: step.signal,
      });
      const again = Number(response.headers.get('retry-after'));
      if (again > 0) throw new RetryAfterError(again * 1000); // an earlier request is being handled, or the store is away
      if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
      context.order = ((await response.json()) as { id: string }).id;
    }
    // end
    expect(await runTwice(order)).toEqual([1, 2]);
    expect((await pool.query('SELECT amount FROM orders')).rows).toEqual([{ amount: 10 }]);
  });
});
