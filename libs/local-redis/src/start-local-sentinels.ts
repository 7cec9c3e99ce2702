import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { argsOf } from './args-of';
import { ask, type Reply } from './ask';
import { findRedisServer } from './find-redis-server';
import { freePort } from './free-port';
import { LocalRedisError } from './local-redis-error';
import { runServer, type LocalRedis } from './run-server';
import { startLocalRedis, type LocalRedisOptions } from './start-local-redis';
import { tlsPort, type LocalTls } from './tls-port';
import { until } from './until';

export interface LocalSentinelsOptions extends Pick<LocalRedisOptions, 'appendOnly' | 'appendFsync' | 'server'> {
  /** Folder of all servers, a folder each; made when missing. */
  readonly dir: string;
  /** Name of the master. @default 'stile' */
  readonly name?: string;
  /** @default 1 */
  readonly replicas?: number;
  /** @default 3 */
  readonly sentinels?: number;
  /** After so long a master that does not answer is taken for dead, ms. @default 1000 */
  readonly downAfterMs?: number;
  /** All speak TLS among themselves and with clients. @default plain */
  readonly tls?: LocalTls;
  /** More arguments of master and replicas. @default none */
  readonly extraArgs?: readonly string[];
}

export interface LocalSentinels {
  /** `redis-sentinel://127.0.0.1:<port>,…/<name>`, `rediss-sentinel:` with TLS */
  readonly url: string;
  /** The one that was master at first. */
  readonly master: LocalRedis;
  readonly replicas: readonly LocalRedis[];
  readonly sentinels: readonly LocalRedis[];
  /** Port of the server that is master by what the first sentinel says; its TLS port where it has one. */
  masterPort(): Promise<number>;
  /** Ends all servers. Harmless when they have ended already. */
  stop(): Promise<void>;
}

/**
 * Starts a master with replicas and sentinels of this process's own on 127.0.0.1, and waits until they all know each other. They end
 * with this process, however that ends.
 *
 * @throws LocalRedisError as startLocalRedis does
 */
export async function startLocalSentinels(options: LocalSentinelsOptions): Promise<LocalSentinels> {
  const { dir, name = 'stile', replicas = 1, sentinels = 3, server, appendOnly, appendFsync, extraArgs = [] } = options;
  const started: LocalRedis[] = [];
  const track = (redis: LocalRedis): LocalRedis => (started.push(redis), redis);
  const stop = async (): Promise<void> => void (await Promise.all(started.map((redis) => redis.stop())));
  const common = { server, appendOnly, appendFsync };
  try {
    /** @returns the server, and the port that the others know it by */
    const start = async (folder: string, ...args: string[]): Promise<readonly [LocalRedis, number]> => {
      const tls = options.tls && (await tlsPort(options.tls));
      const own = argsOf({ 'repl-diskless-sync-delay': '0', ...tls?.settings });
      const redis = track(
        await startLocalRedis({ ...common, dir: join(dir, folder), extraArgs: [...own, ...args, ...extraArgs] }),
      );
      return [redis, tls?.port ?? redis.port];
    };
    const [master, masterKnownAs] = await start('master');
    const follow = ['--replicaof', '127.0.0.1', String(masterKnownAs)];
    const followers = await Promise.all(numbered(replicas, async (i) => (await start(`replica-${i}`, ...follow))[0]));
    const places = await Promise.all(
      numbered(sentinels, async (i) => {
        const place = await startSentinel(i, masterKnownAs, options);
        track(place[0]);
        return place;
      }),
    );
    const watchers = places.map(([redis]) => redis);
    for (const { port } of watchers) {
      await until(`sentinel ${port} knows all others`, async () => {
        const about = fieldsOf(await ask(port, 'SENTINEL', 'MASTER', name));
        const known = about.get('num-slaves') === String(replicas) && about.get('num-other-sentinels') === String(sentinels - 1);
        return known && about.get('flags') === 'master';
      });
    }
    const asked = watchers[0]?.port ?? 0;
    const masterPort = async (): Promise<number> => {
      const [, port] = (await ask(asked, 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name)) as [string, string];
      return Number(port);
    };
    const hosts = places.map(([, port]) => `127.0.0.1:${port}`).join(',');
    const url = `${options.tls ? 'rediss' : 'redis'}-sentinel://${hosts}/${name}`;
    return { url, master, replicas: followers, sentinels: watchers, masterPort, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @returns it, and the port that clients are to use */
async function startSentinel(
  number: number,
  masterPort: number,
  options: LocalSentinelsOptions,
): Promise<readonly [LocalRedis, number]> {
  const { name = 'stile', sentinels = 3, downAfterMs = 1000 } = options;
  const server = options.server ?? findRedisServer();
  if (server === undefined) throw new LocalRedisError('neither redis-server nor valkey-server is on PATH; install one');
  const dir = resolve(options.dir, `sentinel-${number}`);
  const port = await freePort();
  const tls = options.tls && (await tlsPort(options.tls));
  const quorum = Math.floor(sentinels / 2) + 1;
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    ...Object.entries(tls?.settings ?? {}).map((pair) => pair.join(' ')),
    `dir ${dir}`,
    `sentinel monitor ${name} 127.0.0.1 ${masterPort} ${quorum}`,
    `sentinel down-after-milliseconds ${name} ${downAfterMs}`,
    `sentinel failover-timeout ${name} ${10 * downAfterMs}`,
  ];
  await mkdir(dir, { recursive: true });
  const config = join(dir, 'sentinel.conf'); // it writes what it learns into it
  await writeFile(config, `${lines.join('\n')}\n`);
  return [await runServer(server, dir, port, [config, '--sentinel']), tls?.port ?? port];
}

function numbered<T>(count: number, make: (i: number) => Promise<T>): Promise<T>[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

function fieldsOf(reply: Reply): Map<string, string> {
  const fields = new Map<string, string>();
  if (Array.isArray(reply)) for (let i = 0; i + 1 < reply.length; i += 2) fields.set(String(reply[i]), String(reply[i + 1]));
  return fields;
}
