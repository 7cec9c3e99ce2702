import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalRedis } from '@stile/local-redis';
import { Redis } from 'ioredis';

/** One Redis, or several that are a cluster. */
export interface Target {
  readonly url: string;
  /** Deletes everything. */
  flush(): Promise<void>;
  /** Bytes in use, of all servers. */
  usedMemory(): Promise<number>;
  /** CPU time of all servers so far, ms. */
  cpuMs(): Promise<number>;
  /** Bytes of some keys, names and what they are found by included. */
  memoryOf(keys: readonly string[]): Promise<number>;
  stop(): Promise<void>;
}

export interface OneRedisOptions {
  /** Whether commands are written to a log, everysec. Without it structures are measured, and no disk. */
  readonly log: boolean;
  readonly extraArgs?: readonly string[];
}

export async function oneRedis({ log, extraArgs = [] }: OneRedisOptions): Promise<Target> {
  const dir = mkdtempSync(join(tmpdir(), 'stile-bench-'));
  // A log that is written anew in one measurement and not in the other would be measured, too.
  const args = ['--auto-aof-rewrite-percentage', '0', ...extraArgs];
  const redis = await startLocalRedis({ dir, appendOnly: log, appendFsync: 'everysec', extraArgs: args });
  return overServers(redis.url, [redis.url], async () => {
    await redis.stop();
    rmSync(dir, { recursive: true, force: true });
  });
}

/** @param servers URLs of those that hold keys */
export function overServers(url: string, servers: readonly string[], stop: () => Promise<void>): Target {
  const clients = servers.map((each) => new Redis(each));
  const sum = async (of: (client: Redis) => Promise<number>): Promise<number> =>
    (await Promise.all(clients.map(of))).reduce((total, each) => total + each, 0);
  return {
    url,
    flush: async () => void (await Promise.all(clients.map((client) => client.flushall()))),
    usedMemory: () => sum(async (client) => numberIn(await client.info('memory'), 'used_memory')),
    cpuMs: () =>
      sum(async (client) => {
        const info = await client.info('cpu');
        return 1000 * (numberIn(info, 'used_cpu_sys') + numberIn(info, 'used_cpu_user'));
      }),
    memoryOf: (keys) =>
      sum(async (client) => {
        const pipeline = client.pipeline();
        for (const key of keys) pipeline.memory('USAGE', key);
        // A server that has not got the key answers with an error, or with nothing.
        return ((await pipeline.exec()) ?? []).reduce((total, [, bytes]) => total + Number(bytes ?? 0), 0);
      }),
    stop: async () => {
      for (const client of clients) client.disconnect();
      await stop();
    },
  };
}

function numberIn(info: string, field: string): number {
  return Number(new RegExp(`^${field}:([\\d.]+)`, 'm').exec(info)?.[1]);
}
