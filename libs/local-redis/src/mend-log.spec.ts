import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask } from './ask';
import type { LocalRedis } from './run-server';
import { startLocalRedis } from './start-local-redis';

const SCRIPT = "redis.call('RPUSH', 'inbox', 'event'); redis.call('HSET', 'seen', 'event', '1'); redis.call('SET', 'steps', '1')";
let dir: string;
let log: string;
let server: LocalRedis;

const start = async (): Promise<void> => {
  server = await startLocalRedis({ dir, appendFsync: 'always' });
};
const crash = async (): Promise<void> => {
  server.kill('SIGKILL');
  await server.exited;
};
const give = () => ask(server.port, 'EVAL', SCRIPT, '0');
const inbox = () => ask(server.port, 'LRANGE', 'inbox', '0', '-1');

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'stile-mend-log-'));
  await start();
  await ask(server.port, 'SET', 'before', '1');
  const [file = ''] = (await readdir(join(dir, 'appendonlydir'))).filter((name) => name.endsWith('.incr.aof'));
  log = join(dir, 'appendonlydir', file);
});
afterEach(async () => {
  await server.stop();
  await rm(dir, { recursive: true, force: true });
});

it('a script of which a part was written is never done, not even by the second start after it', async () => {
  const { length: before } = await readFile(log);
  await give();
  await crash();
  const all = await readFile(log);
  await truncate(log, all.lastIndexOf('steps') + 2); // torn in its third command, so that nobody was told of it

  await start();
  expect(await inbox()).toEqual([]);
  expect(await readFile(`${log}.cut`)).toEqual(all.subarray(before, all.lastIndexOf('steps') + 2));
  await give(); // sent again
  await crash();
  await start();
  expect(await inbox()).toEqual(['event']);
  expect(await ask(server.port, 'GET', 'before')).toBe('1');
});

it('a whole file is left alone', async () => {
  await give();
  await crash();
  const all = await readFile(log);
  await start();
  expect((await readFile(log)).subarray(0, all.length)).toEqual(all);
  expect(await readdir(join(dir, 'appendonlydir'))).not.toContainEqual(expect.stringContaining('.cut'));
});

it('what is wrong long before the end is not cut off: the server refuses, and the file stays', async () => {
  for (let i = 0; i < 40; i++) await ask(server.port, 'SET', `k${i}`, 'x'.repeat(500_000));
  await crash();
  const all = await readFile(log);
  all.write('?', all.indexOf('k0') - 4); // the length of a name, of which there are 20 MB behind it
  await writeFile(log, all);
  await expect(start()).rejects.toThrow(/Bad file format/);
  expect((await readFile(log)).length).toBe(all.length);
});
