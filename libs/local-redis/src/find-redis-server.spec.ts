import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedisServer } from './find-redis-server';

describe('findRedisServer', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'stile-path-'));
  });
  afterEach(async () => {
    await rm(dir, { recursive: true });
  });

  async function install(name: string): Promise<string> {
    await writeFile(join(dir, name), '#!/bin/sh\n');
    await chmod(join(dir, name), 0o755);
    return join(dir, name);
  }

  it('finds nothing, then valkey-server, but redis-server first', async () => {
    expect(findRedisServer(dir)).toBeUndefined();
    const valkey = await install('valkey-server');
    expect(findRedisServer(dir)).toBe(valkey);
    const redis = await install('redis-server');
    expect(findRedisServer(dir)).toBe(redis);
    expect(findRedisServer()).toMatch(/^\/.*(redis|valkey)-server$/);
  });
});
