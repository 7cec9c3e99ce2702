import { rm } from 'node:fs/promises';
import './global-setup';

export default async function globalTeardown(): Promise<void> {
  const redis = globalThis.stileTestRedis;
  if (redis === undefined) return;
  await redis.server.stop();
  await rm(redis.dir, { recursive: true, force: true });
  delete process.env.STILE_TEST_REDIS_URL;
}
