import type { OpenAPIObject } from '@nestjs/swagger';
import type request from 'supertest';
import { uniquePrefix, waitFor } from '../support/redis';
import { ApiStage, greet } from './api-support';

describe('pages for people and machines that look on', () => {
  const stage = new ApiStage(uniquePrefix('api-pages'));
  let http: ReturnType<typeof request>;

  beforeAll(async () => {
    await stage.worker(greet());
    ({ http } = await stage.api());
  });
  afterAll(() => stage.close());

  describe('/metrics', () => {
    it('gives totals of all workers in Prometheus’ text format', async () => {
      await http.post('/v1/machines').send({ machine: 'greet' }).expect(201);
      const text = await waitFor(
        async () => {
          const response = await http.get('/metrics').expect(200);
          expect(response.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
          return /^stile_counts_total\{count="completed".*\} 1$/m.test(response.text) && response.text;
        },
        { what: 'the machine is counted as completed' },
      );
      expect(text).toContain('stile_up 1');
      expect(text).toContain('stile_workers 1');
      expect(text).toMatch(/^stile_worker_loop_lag_seconds [\d.]+$/m);
      expect(text).toContain('# TYPE stile_counts_total counter');
      expect(text).toMatch(/stile_queue_jobs\{queue="machines",partition="0",state="waiting"\} \d+/);
      expect(text).toContain('process_cpu_seconds_total');
    });

    it('counts nothing twice when asked twice', async () => {
      const counted = async () => (await http.get('/metrics')).text.match(/^stile_counts_total\{count="completed".*$/m)?.[0];
      expect(await counted()).toBe(await counted());
    });
  });

  describe('/docs', () => {
    it('describes every route, with a schema for every body and problem', async () => {
      const { body } = (await http.get('/docs-json').expect(200)) as { body: OpenAPIObject };
      expect(Object.keys(body.paths).sort()).toEqual([
        '/health/live',
        '/health/ready',
        '/metrics',
        '/v1/audit',
        '/v1/callbacks/{token}',
        '/v1/callbacks/{token}/failure',
        '/v1/callbacks/{token}/heartbeat',
        '/v1/counts',
        '/v1/definitions',
        '/v1/definitions/{name}',
        '/v1/definitions/{name}/figures',
        '/v1/definitions/{name}/graph',
        '/v1/events',
        '/v1/failures',
        '/v1/failures/{group}/redrive',
        '/v1/holds',
        '/v1/limits',
        '/v1/limits/{kind}/{of}',
        '/v1/machines',
        '/v1/machines/bulk',
        '/v1/machines/{id}',
        '/v1/machines/{id}/cancel',
        '/v1/machines/{id}/children',
        '/v1/machines/{id}/context',
        '/v1/machines/{id}/events',
        '/v1/machines/{id}/explain',
        '/v1/machines/{id}/history',
        '/v1/machines/{id}/inbox',
        '/v1/machines/{id}/inbox/{item}',
        '/v1/machines/{id}/move',
        '/v1/machines/{id}/pause',
        '/v1/machines/{id}/replay',
        '/v1/machines/{id}/resume',
        '/v1/machines/{id}/retry',
        '/v1/machines/{id}/stream',
        '/v1/operations',
        '/v1/operations/{id}',
        '/v1/operations/{id}/stop',
        '/v1/schedules',
        '/v1/schedules/{name}',
        '/v1/schedules/{name}/start',
        '/v1/schedules/{name}/stop',
        '/v1/schedules/{name}/trigger',
        '/v1/session',
        '/v1/session/oidc',
        '/v1/workers',
      ]);
      const start = body.paths['/v1/machines']?.post;
      expect(Object.keys(start?.responses ?? {}).sort()).toEqual([
        ...['200', '201', '400', '403', '409', '410', '413', '415', '422', '429', '500', '503'],
      ]);
      const schemas = body.components?.schemas as Record<string, { properties: object; required?: string[] }>;
      expect(Object.keys(schemas.StartMachine?.properties ?? {})).toEqual([
        'machine',
        'correlationId',
        'context',
        'version',
        'tags',
        'delayMs',
        'startAt',
        'maxRetries',
        'state',
        'event',
      ]);
      expect(schemas.StartMachine?.required).toEqual(['machine']);
      const view = (await http.post('/v1/machines').send({ machine: 'greet' })).body as object;
      expect(Object.keys(schemas.Machine?.properties ?? {}).sort()).toEqual([...Object.keys(view), 'archived'].sort());
    });

    it('refers to nothing that it does not hold', async () => {
      const { text } = await http.get('/docs-json').expect(200);
      const schemas = (JSON.parse(text) as OpenAPIObject).components?.schemas ?? {};
      const referred = [...text.matchAll(/#\/components\/schemas\/([^"]+)/g)].map(([, name]) => name as string);
      expect(referred.filter((name) => !(name in schemas))).toEqual([]);
    });

    it('is a page of our own files', async () => {
      const { text } = await http.get('/docs').redirects(1).expect(200);
      expect(text).toContain('swagger-ui');
      expect(text).not.toMatch(/(src|href)="(https?:)?\/\//);
    });
  });

  describe('/queues', () => {
    const names = async (): Promise<string[]> => {
      const { body } = await http.get('/queues/api/queues').expect(200);
      return (body as { queues: { name: string }[] }).queues.map(({ name }) => name);
    };

    it('is a page that may ask nobody but us', async () => {
      const { text, headers } = await http.get('/queues').redirects(1).expect(200);
      expect(text).toContain('Stile');
      expect(headers['content-security-policy']).toContain("default-src 'self'");
      expect(headers).not.toHaveProperty('x-powered-by');
      const script = /src="(static\/js\/[^"]+)"/.exec(text)?.[1] as string;
      await http.get(`/queues/${script}`).expect(200);
    });

    it('lets no page of another host change anything', async () => {
      const pause = () => http.put('/queues/api/queues/nobody/pause');
      for (const origin of ['http://elsewhere.example', 'null', 'http://127.0.0.1:1']) {
        const { status, body } = await pause().set('Origin', origin);
        expect({ status, code: body.code }).toEqual({ status: 403, code: 'ORIGIN_REFUSED' });
      }
      const own = { Origin: 'https://127.0.0.1:8443', Host: '127.0.0.1:8443' };
      expect((await pause().set(own)).status).toBe(404); // the dashboard's own: there is no such queue
      expect((await pause()).status).toBe(404);
      await http.get('/queues/api/queues').set('Origin', 'http://elsewhere.example').expect(200);
    });

    it('lists the default queue', async () => {
      expect(await names()).toEqual(['machines']);
    });

    it('shows queues of definitions that are published while it runs', async () => {
      await stage.publish(greet(3, 'slow-lane'));
      await waitFor(async () => (await names()).includes('slow-lane'), { what: 'slow-lane is shown' });
      expect((await names()).sort()).toEqual(['machines', 'slow-lane']);
    });
  });
});
