import { rm } from 'node:fs/promises';
import { Redis } from 'ioredis';
import { SUITE_USER } from './acl';
import './global-setup';

/** What `stile doctor` tries, to tell whether the user may. */
const PROBES = new Set(['config|get']);

/** @throws Error when Stile tried what its rights do not allow, in whatever test */
export default async function globalTeardown(): Promise<void> {
  const redis = globalThis.stileTestRedis;
  if (redis === undefined) return;
  const refused = await refusals(redis.server.url);
  await redis.server.stop();
  await rm(redis.dir, { recursive: true, force: true });
  delete process.env.STILE_TEST_REDIS_URL;
  if (refused.length > 0) throw new Error(`deploy/redis/users.acl does not allow what was tried: ${refused.join(', ')}`);
}

async function refusals(url: string): Promise<string[]> {
  const admin = new Redis(url);
  try {
    const log = (await admin.call('ACL', 'LOG')) as string[][];
    const field = (entry: string[], name: string): string => String(entry[entry.indexOf(name) + 1]);
    return log
      .filter((entry) => field(entry, 'username') === SUITE_USER && !PROBES.has(field(entry, 'object')))
      .map((entry) => `${field(entry, 'reason')} ${field(entry, 'object')}`);
  } finally {
    admin.disconnect();
  }
}
