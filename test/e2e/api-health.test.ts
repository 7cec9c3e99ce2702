import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StileRuntime, type MachineView } from '@stile/machine';
import { startLocalRedis } from '@stile/local-redis';
import { uniquePrefix, waitFor } from '../support/redis';
import { ApiStage, greet } from './api-support';

describe('health', () => {
  // First: a command that ioredis gave up keeps its timer for two seconds more.
  it('refuses to start without Redis, within seconds', async () => {
    const stage = new ApiStage(uniquePrefix('api-no-redis'), 'redis://127.0.0.1:1');
    const began = performance.now();
    await expect(stage.api()).rejects.toThrow();
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it('is live without a worker, and ready as soon as one serves', async () => {
    const stage = new ApiStage(uniquePrefix('api-health'));
    try {
      const { http } = await stage.api();
      await http.get('/health/live').expect(200, { status: 'live' });
      const before = await http.get('/health/ready').expect(503);
      expect(before.body).toMatchObject({
        code: 'NOT_READY',
        detail: expect.stringContaining('no worker was seen'),
      });
      expect(before.headers['retry-after']).toBe('1');

      await stage.worker(greet());
      const { body } = await http.get('/health/ready').expect(200);
      expect(body).toEqual({
        status: 'ready',
        workers: 1,
        seen: [{ name: 'test-worker', queues: ['machines'], active: 0, lastSeenMs: expect.any(Number) }],
      });
    } finally {
      await stage.close();
    }
  });

  it('is not ready when a worker says it is there but takes no jobs', async () => {
    const stage = new ApiStage(uniquePrefix('api-health-stuck'));
    try {
      const { app, http } = await stage.api();
      const { redis, keys } = app.get(StileRuntime);
      const [seconds] = await redis.time();
      const said = {
        name: 'stuck',
        at: Number(seconds) * 1000,
        queues: ['machines'],
        active: 0,
        lastJobMs: null,
      };
      await redis.hset(keys.workers, 'one', JSON.stringify(said));
      const answers = await Promise.all([http.get('/health/ready'), http.get('/health/ready'), http.get('/health/ready')]);
      for (const { status, body } of answers) {
        expect(status).toBe(503);
        expect(body.detail).toBe('no worker takes jobs, though these are there: stuck');
      }
      // Where callers have to say who they are, names of hosts are not told to somebody who does not.
      const { http: shut } = await stage.api({ access: { auth: true, sessionMs: 60_000 } });
      const { body } = await shut.get('/health/ready').expect(503);
      expect(body.detail).toBe('no worker takes jobs, though these are there; GET /v1/workers shows them');
      // Nothing is left behind by having asked.
      expect(await redis.llen(`${keys.queuePrefix(0)}:machines:wait`)).toBe(0);
    } finally {
      await stage.close();
    }
  });

  it('does not take the word of a worker that was last seen long ago', async () => {
    const stage = new ApiStage(uniquePrefix('api-health-gone'));
    try {
      const { app, http } = await stage.api();
      const { redis, keys } = app.get(StileRuntime);
      const [seconds] = await redis.time();
      const said = {
        name: 'gone',
        at: (Number(seconds) - 11) * 1000,
        queues: ['machines'],
        active: 3,
        lastJobMs: 0,
      };
      await redis.hset(keys.workers, 'one', JSON.stringify(said));
      const { body } = await http.get('/health/ready').expect(503);
      expect(body.detail).toContain('no worker was seen');
    } finally {
      await stage.close();
    }
  });

  it('answers 503 quickly when Redis goes away, stays live, and recovers', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'stile-api-'));
    const server = await startLocalRedis({ dir, appendOnly: true });
    const stage = new ApiStage(uniquePrefix('api-outage'), server.url);
    try {
      await stage.publish(greet());
      const { http } = await stage.api();
      await http.post('/v1/machines').send({ machine: 'greet', correlationId: 'before' }).expect(201);
      await server.stop();

      // What is on its way when the connection breaks is given up after two seconds.
      const answer = async <T>(test: PromiseLike<T>): Promise<T> => {
        const began = performance.now();
        const response = await test;
        expect(performance.now() - began).toBeLessThan(3500);
        return response;
      };
      const start = await answer(http.post('/v1/machines').send({ machine: 'greet', correlationId: 'during' }));
      expect(start.body).toMatchObject({ code: 'STORE_UNAVAILABLE', status: 503 });
      expect(start.headers['retry-after']).toBe('1');
      expect(start.text).not.toContain('127.0.0.1');
      expect((await answer(http.get('/v1/machines/before'))).status).toBe(503);
      const bulk = await answer(http.post('/v1/machines/bulk').send({ machine: 'greet', items: [{}, {}] }));
      expect(bulk.body).toMatchObject({ code: 'STORE_UNAVAILABLE', status: 503 });
      const ready = await answer(http.get('/health/ready'));
      expect(ready.body).toMatchObject({ status: 503, detail: 'Redis does not answer' });
      const metrics = await answer(http.get('/metrics'));
      expect(metrics.text).toContain('stile_up 0');
      await http.get('/health/live').expect(200);

      const again = await startLocalRedis({ dir, appendOnly: true, port: server.port });
      try {
        const found = await waitFor(
          async () => {
            const { status, body } = await http.get('/v1/machines/before');
            return status === 200 && (body as MachineView);
          },
          { what: 'the API has found Redis again' },
        );
        expect(found).toMatchObject({ correlationId: 'before', status: 'queued' });
      } finally {
        await stage.close();
        await again.stop();
      }
    } finally {
      await stage.close();
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    }
  });
});
