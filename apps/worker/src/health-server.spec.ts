import { HealthServer } from './health-server';

const start = (ready: () => boolean, healthPort?: number) => HealthServer.start({ host: '127.0.0.1', healthPort }, ready);

it('answers probes: alive always, ready while jobs are taken', async () => {
  let ready = false;
  const server = await start(() => ready, 0);
  const status = async (path: string, method = 'GET') => (await fetch(new URL(path, server!.url), { method })).status;
  expect(await status('/health/live')).toBe(200);
  expect(await status('/health/ready')).toBe(503);
  ready = true;
  expect(await status('/health/ready')).toBe(200);
  expect(await status('/health/ready', 'HEAD')).toBe(200);
  ready = false;
  expect(await status('/health/ready')).toBe(503);
  expect([await status('/'), await status('/health/live', 'POST')]).toEqual([404, 405]);
});

it('listens nowhere without a port', async () => {
  expect(await start(() => true)).toBeUndefined();
});

it('says where it cannot listen', async () => {
  const first = await start(() => true, 0);
  const port = Number(new URL(first!.url).port);
  await expect(start(() => true, port)).rejects.toThrow(`STILE_HEALTH_PORT is "${port}": cannot listen there`);
});
