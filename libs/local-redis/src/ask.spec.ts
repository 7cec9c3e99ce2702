import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask } from './ask';
import type { LocalRedis } from './run-server';
import { startLocalRedis } from './start-local-redis';

let dir: string;
let redis: LocalRedis;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'stile-ask-'));
  redis = await startLocalRedis({ dir, appendOnly: false });
});
afterAll(async () => {
  await redis.stop();
  await rm(dir, { recursive: true, force: true });
});

it('reads replies of every kind, however long', async () => {
  const long = 'é'.repeat(200_000);
  expect(await ask(redis.port, 'SET', 'a b', long)).toBe('OK');
  expect(await ask(redis.port, 'GET', 'a b')).toBe(long);
  expect(await ask(redis.port, 'GET', 'nothing')).toBeNull();
  expect(await ask(redis.port, 'RPUSH', 'list', 'x', 'y\r\n')).toBe(2);
  expect(await ask(redis.port, 'EVAL', "return { 1, { 'two' }, false }", '0')).toEqual([1, ['two'], null]);
  expect(await ask(redis.port, 'LRANGE', 'list', '0', '-1')).toEqual(['x', 'y\r\n']);
});

it('tells what was refused, and where', async () => {
  await expect(ask(redis.port, 'GET', 'list')).rejects.toThrow(`GET list on port ${redis.port}: WRONGTYPE`);
  await expect(ask(1, 'PING')).rejects.toThrow(/ECONNREFUSED/);
});
