import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findRedisServer } from './find-redis-server';
import { freePort } from './free-port';
import { LocalRedisError } from './local-redis-error';
import { probe } from './probe';
import { startSupervised, type Supervised } from './supervised';
import { checkUnused, claimFolder } from './folder';

export interface LocalRedisOptions {
  /** Folder of its data and of `redis.log`; made when missing. One server at a time may use it. */
  readonly dir: string;
  /** @default a free one */
  readonly port?: number;
  /** Keeps data in an append-only file. Without it nothing is kept. @default true */
  readonly appendOnly?: boolean;
  /** @default 'everysec' */
  readonly appendFsync?: 'always' | 'everysec' | 'no';
  /** @default 'noeviction' */
  readonly maxmemoryPolicy?: string;
  /** More arguments of redis-server, such as `['--maxmemory', '100mb']`. @default none */
  readonly extraArgs?: readonly string[];
  /** Path of the server's program. @default redis-server or valkey-server on PATH */
  readonly server?: string;
}

export interface LocalRedis {
  /** `redis://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  /** Of the server itself. */
  readonly pid: number;
  /** Fulfilled when the server has ended, for whatever reason. */
  readonly exited: Promise<void>;
  /** Ends the server in good order, data written; SIGKILL when it takes more than 10 s. Harmless when it has ended already. */
  stop(): Promise<void>;
  /** Sends the server a signal such as SIGKILL, SIGSTOP or SIGCONT. Does nothing when it has ended. */
  kill(signal: NodeJS.Signals): void;
}

/**
 * A record with a context of up to a kilobyte stays in one piece, which takes half the memory. Under the names that Redis 6.2 knows, too:
 * later ones call them hash-max-listpack-….
 */
const COMPACT = { 'hash-max-ziplist-value': '1024', 'hash-max-ziplist-entries': '128' };

const PORT_ATTEMPTS = 5;
const SILENCE_MS = 10_000;
const POLL_MS = 5;

/**
 * Starts a Redis (or Valkey) of this process's own, on 127.0.0.1 only and with the settings that docs/capacity.md asks for, and waits until
 * it serves. It ends with this process, even when
 * that is killed by SIGKILL, and does not keep it running. The same `dir` and `port` may be used again once it has ended.
 *
 * @throws LocalRedisError with the server's own last words when it does not start; when there is no server to start; when `dir` is in use
 */
export async function startLocalRedis(options: LocalRedisOptions): Promise<LocalRedis> {
  const server = options.server ?? findRedisServer();
  if (server === undefined) {
    throw new LocalRedisError(
      'neither redis-server nor valkey-server is on PATH; install one, or use a server that runs already by its URL',
    );
  }
  const dir = resolve(options.dir);
  await mkdir(dir, { recursive: true });
  await checkUnused(dir);
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort());
    try {
      return await start(server, dir, port, options);
    } catch (error) {
      const raced = options.port === undefined && /Address already in use/i.test(String(error));
      if (!raced || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

async function start(server: string, dir: string, port: number, options: LocalRedisOptions): Promise<LocalRedis> {
  const log = join(dir, 'redis.log');
  await writeFile(log, ''); // fails here, with a clear error, when the folder cannot be written to
  const redis = await startSupervised(server, serverArgs(dir, port, options), log);
  try {
    await untilReady(redis, port);
    await claimFolder(dir, { pid: redis.pid, port });
  } catch (error) {
    await stop(redis);
    const words = (await readFile(log, 'utf8').catch(() => '')).trim().split('\n').slice(-10).join('\n');
    throw new LocalRedisError(`${server} did not start on port ${port} in ${dir}: ${(error as Error).message}\n${words}`, {
      cause: error,
    });
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    pid: redis.pid,
    exited: redis.exited,
    stop: () => stop(redis),
    kill: (signal) => {
      if (!redis.hasExited()) send(redis.pid, signal);
    },
  };
}

function serverArgs(dir: string, port: number, options: LocalRedisOptions): string[] {
  const { appendOnly = true, appendFsync = 'everysec', maxmemoryPolicy = 'noeviction', extraArgs = [] } = options;
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir,
    daemonize: 'no',
    save: '', // the append-only file is all that is kept
    appendonly: appendOnly ? 'yes' : 'no',
    appendfsync: appendFsync,
    'maxmemory-policy': maxmemoryPolicy,
    ...COMPACT,
  };
  return [...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]), ...extraArgs];
}

/** Waits until our own server answers; loading a large file may take as long as it needs. */
async function untilReady(redis: Supervised, port: number): Promise<void> {
  for (let quietSince = Date.now(); ;) {
    const answer = await Promise.race([probe(port), redis.exited]);
    if (!answer || redis.hasExited()) throw new Error('it ended');
    const ours = answer.state !== 'away' && answer.pid === redis.pid; // else another was faster, and ours is about to end
    if (ours && answer.state === 'ready') return;
    if (ours) quietSince = Date.now();
    if (Date.now() - quietSince > SILENCE_MS) {
      throw new Error(
        `no answer for ${SILENCE_MS} ms (${answer.state === 'away' ? answer.reason : `pid ${answer.pid} answers there`})`,
      );
    }
    await Promise.race([sleep(POLL_MS), redis.exited]);
  }
}

async function stop(redis: Supervised): Promise<void> {
  if (redis.hasExited()) return;
  redis.release();
  const awake = setInterval(() => undefined, 1000); // `exited` alone would not keep this process running
  await redis.exited.finally(() => clearInterval(awake));
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
