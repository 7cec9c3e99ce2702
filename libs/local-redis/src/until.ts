import { setTimeout as sleep } from 'node:timers/promises';
import { LocalRedisError } from './local-redis-error';

const PATIENCE_MS = 30_000;
const POLL_MS = 20;

/**
 * Asks again and again until it is so; one that throws counts as "not yet".
 *
 * @throws LocalRedisError naming what was waited for and what was seen last
 */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; ;) {
    let last = 'no';
    try {
      if (await isSo()) return;
    } catch (error) {
      last = (error as Error).message;
    }
    if (Date.now() > end) throw new LocalRedisError(`waited ${PATIENCE_MS} ms in vain until ${what}: ${last}`);
    await sleep(POLL_MS);
  }
}
