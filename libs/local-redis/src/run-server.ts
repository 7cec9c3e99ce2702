import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { claimFolder } from './folder';
import { LocalRedisError } from './local-redis-error';
import { probe } from './probe';
import { startSupervised, type Supervised } from './supervised';

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

const SILENCE_MS = 10_000;
const POLL_MS = 5;

/**
 * Runs a server and waits until it serves.
 *
 * @param dir its folder, made already; gets `redis.log`
 * @param args of the program; they must name `port`
 * @throws LocalRedisError with its last words
 */
export async function runServer(server: string, dir: string, port: number, args: readonly string[]): Promise<LocalRedis> {
  const log = join(dir, 'redis.log');
  await writeFile(log, ''); // fails here, with a clear error, when the folder cannot be written to
  const redis = await startSupervised(server, args, log);
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
