import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LocalRedisError } from './local-redis-error';
import { probe } from './probe';

interface Owner {
  readonly pid: number;
  readonly port: number;
}

const PATIENCE_MS = 2000;
const fileOf = (dir: string) => join(dir, 'redis.json');

/**
 * Two servers that write one append-only file destroy it. Waits a moment for a server that is about to end, as one does whose parent was
 * killed just now.
 *
 * @throws LocalRedisError naming pid and URL of the server that uses `dir`
 */
export async function checkUnused(dir: string): Promise<void> {
  const owner = await readOwner(dir);
  if (owner === undefined) return;
  for (const end = Date.now() + PATIENCE_MS; ;) {
    const answer = await probe(owner.port);
    if (answer.state === 'away' || answer.pid !== owner.pid) return;
    if (Date.now() > end) {
      throw new LocalRedisError(
        `${dir} is in use by the Redis with pid ${owner.pid}; end what started it, or use it: redis://127.0.0.1:${owner.port}`,
      );
    }
    await sleep(20);
  }
}

export async function claimFolder(dir: string, owner: Owner): Promise<void> {
  await writeFile(fileOf(dir), `${JSON.stringify(owner)}\n`);
}

async function readOwner(dir: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(fileOf(dir), 'utf8')) as Owner;
  } catch {
    return undefined; // none yet, or cut off while it was written: its writer has ended with it
  }
}
