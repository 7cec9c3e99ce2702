import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { argsOf } from './args-of';
import { findRedisServer } from './find-redis-server';
import { checkUnused } from './folder';
import { freePort } from './free-port';
import { LocalRedisError } from './local-redis-error';
import { mendLog } from './mend-log';
import { runServer, type LocalRedis } from './run-server';

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

/**
 * A record with a context of up to a kilobyte stays in one piece, which takes half the memory. Under the names that Redis 6.2 knows, too:
 * later ones call them hash-max-listpack-….
 */
const COMPACT = { 'hash-max-ziplist-value': '1024', 'hash-max-ziplist-entries': '128' };

const PORT_ATTEMPTS = 5;

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
  if (options.appendOnly ?? true) await mendLog(server, dir);
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort());
    try {
      return await runServer(server, dir, port, serverArgs(dir, port, options));
    } catch (error) {
      const raced = options.port === undefined && /Address already in use/i.test(String(error));
      if (!raced || attempt === PORT_ATTEMPTS) throw error;
    }
  }
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
  return [...argsOf(settings), ...extraArgs];
}
