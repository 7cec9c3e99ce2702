import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ask, type Reply } from './ask';
import { findRedisServer } from './find-redis-server';
import { freePort } from './free-port';
import { LocalRedisError } from './local-redis-error';
import { runServer, type LocalRedis } from './run-server';
import { startLocalRedis, type LocalRedisOptions } from './start-local-redis';
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
  /** More arguments of master and replicas. @default none */
  readonly extraArgs?: readonly string[];
}

export interface LocalSentinels {
  /** `redis-sentinel://127.0.0.1:<port>,…/<name>` */
  readonly url: string;
  /** The one that was master at first. */
  readonly master: LocalRedis;
  readonly replicas: readonly LocalRedis[];
  readonly sentinels: readonly LocalRedis[];
  /** Port of the server that is master by what the first sentinel says. */
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
    const master = track(
      await startLocalRedis({
        ...common,
        dir: join(dir, 'master'),
        extraArgs: ['--repl-diskless-sync-delay', '0', ...extraArgs],
      }),
    );
    const follow = ['--replicaof', '127.0.0.1', String(master.port), '--repl-diskless-sync-delay', '0', ...extraArgs];
    const followers = await Promise.all(
      numbered(replicas, async (i) =>
        track(await startLocalRedis({ ...common, dir: join(dir, `replica-${i}`), extraArgs: follow })),
      ),
    );
    const watchers = await Promise.all(numbered(sentinels, async (i) => track(await startSentinel(i, master.port, options))));
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
    const url = `redis-sentinel://${watchers.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${name}`;
    return { url, master, replicas: followers, sentinels: watchers, masterPort, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startSentinel(number: number, masterPort: number, options: LocalSentinelsOptions): Promise<LocalRedis> {
  const { name = 'stile', sentinels = 3, downAfterMs = 1000 } = options;
  const server = options.server ?? findRedisServer();
  if (server === undefined) throw new LocalRedisError('neither redis-server nor valkey-server is on PATH; install one');
  const dir = resolve(options.dir, `sentinel-${number}`);
  const port = await freePort();
  const quorum = Math.floor(sentinels / 2) + 1;
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${dir}`,
    `sentinel monitor ${name} 127.0.0.1 ${masterPort} ${quorum}`,
    `sentinel down-after-milliseconds ${name} ${downAfterMs}`,
    `sentinel failover-timeout ${name} ${10 * downAfterMs}`,
  ];
  await mkdir(dir, { recursive: true });
  const config = join(dir, 'sentinel.conf'); // it writes what it learns into it
  await writeFile(config, `${lines.join('\n')}\n`);
  return runServer(server, dir, port, [config, '--sentinel']);
}

function numbered<T>(count: number, make: (i: number) => Promise<T>): Promise<T>[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

function fieldsOf(reply: Reply): Map<string, string> {
  const fields = new Map<string, string>();
  if (Array.isArray(reply)) for (let i = 0; i + 1 < reply.length; i += 2) fields.set(String(reply[i]), String(reply[i + 1]));
  return fields;
}
