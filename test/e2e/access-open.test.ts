import type { NestExpressApplication } from '@nestjs/platform-express';
import { StileRuntime } from '@stile/machine';
import { uniquePrefix } from '../support/redis';
import { ApiStage, greet } from './api-support';
import { RawHttp, type Answer } from './support/raw-http';

/** What a page can have a browser send without being asked whether it may: no body, or one that is no JSON. */
const BODILESS = ['/v1/machines/m/pause', '/v1/machines/m/cancel', '/v1/machines/m/replay', '/v1/schedules/s/trigger'];

describe('an API where nobody is asked who he is', () => {
  const stage = new ApiStage(uniquePrefix('access-open'));
  let app: NestExpressApplication;
  let http: RawHttp;

  const ask = (path: string, headers: Record<string, string>, method = 'GET', of = http): Promise<Answer> =>
    of.ask({ method, path, headers });

  beforeAll(async () => {
    await stage.publish(greet());
    ({ app } = await stage.api());
    http = new RawHttp(app);
    await app.get(StileRuntime).machines.start({ machine: 'greet', correlationId: 'm', delayMs: 60_000 });
  });

  afterAll(async () => {
    http.close();
    await stage.close();
  });

  it('lets pages of others change nothing, though no preflight asks before a request without a body', async () => {
    const foreign: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
      { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:8080' },
    ];
    const codes = await Promise.all(
      BODILESS.flatMap((path) => foreign.map(async (headers) => (await ask(path, headers, 'POST')).code)),
    );
    expect(new Set(codes)).toEqual(new Set(['ORIGIN_REFUSED']));
    expect((await app.get(StileRuntime).machines.get('m'))?.status).toBe('delayed');
  });

  it('lets its own pages and programs do so, and everybody read what the browser shows nobody else', async () => {
    const host = '127.0.0.1:1';
    const own: Record<string, string>[] = [{ 'sec-fetch-site': 'same-origin' }, { origin: `http://${host}`, host }, {}];
    for (const headers of own) {
      expect((await ask('/v1/machines/none/pause', headers, 'POST')).code).toBe('MACHINE_NOT_FOUND');
    }
    expect((await ask('/v1/machines/m', { origin: 'https://evil.example' })).status).toBe(200);
  });

  it('answers to no name that somebody else may have made lead here', async () => {
    for (const host of [
      'evil.example',
      'evil.example:3000',
      'localhost.evil.example:3000',
      '127.0.0.1.evil.example',
      'xlocalhost',
    ]) {
      for (const path of ['/v1/machines', '/v1/machines/m/stream', '/v1/session', '/metrics', '/queues', '/docs-json']) {
        expect({ host, path, code: (await ask(path, { host })).code }).toEqual({ host, path, code: 'HOST_REFUSED' });
      }
      expect((await ask('/v1/machines/m/pause', { host, origin: `http://${host}` }, 'POST')).code).toBe('HOST_REFUSED');
      expect((await ask('/health/live', { host })).status).toBe(200);
    }
  });

  it('answers to its addresses, to localhost, and to the name that it is told', async () => {
    const { app: named } = await stage.api({ access: { auth: false, sessionMs: 0, publicUrl: 'http://stile.internal:8080' } });
    const other = new RawHttp(named);
    const hosts = ['127.0.0.1:3000', '10.1.2.3', '[::1]:3000', '[::1]', 'localhost', 'LOCALHOST:3000', 'stile.localhost:3000'];
    for (const host of [...hosts, 'stile.internal', 'Stile.Internal:8080']) {
      expect({ host, status: (await ask('/v1/machines', { host }, 'GET', other)).status }).toEqual({ host, status: 200 });
    }
    other.close();
  });

  it('answers to any name where that is said', async () => {
    const { app: any } = await stage.api({ access: { auth: false, anyName: true, sessionMs: 0 } });
    const other = new RawHttp(any);
    expect((await ask('/v1/machines', { host: 'api:3000' }, 'GET', other)).status).toBe(200);
    other.close();
  });
});
