import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalRedis, type LocalRedis } from '../../libs/local-redis/src';
import { asSuiteUser, suiteAcl } from './acl';

declare global {
  var stileTestRedis: { readonly server: LocalRedis; readonly dir: string } | undefined;
}

/** One Redis for all test files, which they use with the rights of deploy/redis. Jest's workers are started after this and inherit the URL. */
export default async function globalSetup(): Promise<void> {
  if (process.env.STILE_TEST_REDIS_URL) return;
  const dir = await mkdtemp(join(tmpdir(), 'stile-test-'));
  const acl = join(dir, 'users.acl');
  await writeFile(acl, suiteAcl());
  const server = await startLocalRedis({ dir: join(dir, 'redis'), extraArgs: ['--aclfile', acl] });
  globalThis.stileTestRedis = { server, dir };
  process.env.STILE_TEST_REDIS_URL = asSuiteUser(server.url);
}
