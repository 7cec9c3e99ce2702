import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalRedis, type LocalRedis } from '@stile/local-redis';
import { StileRuntime, StoreUnavailableError } from '@stile/machine';
import { Redis } from 'ioredis';
import { greet } from '../e2e/api-support';

const silent = { debug() {}, log() {}, warn() {}, error() {} };

describe('a Redis whose memory is out', () => {
  let dir: string;
  let server: LocalRedis;
  let admin: Redis;
  let client: StileRuntime;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'stile-oom-'));
    server = await startLocalRedis({ dir, appendOnly: false });
    admin = new Redis(server.url);
    client = new StileRuntime({ redis: { url: server.url }, prefix: 'oom', memoryLimit: 1 }, silent);
    const { definition } = greet();
    await admin.hset(client.keys.definitions, `${definition.name}@${definition.version}`, JSON.stringify(definition));
  });
  afterAll(async () => {
    await client.stop();
    admin.disconnect();
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  });

  it('refuses a start, of which nothing is left; the same start is taken when there is memory again', async () => {
    const start = () => client.machines.start({ machine: 'greet', correlationId: 'm1', context: {} });
    await admin.config('SET', 'maxmemory', '1mb');
    await expect(start()).rejects.toBeInstanceOf(StoreUnavailableError);
    expect(await admin.keys('*m1*')).toEqual([]);
    await admin.config('SET', 'maxmemory', '0');
    expect((await start()).outcome).toBe('created');
  });
});
