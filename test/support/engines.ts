import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  findValkeyServer,
  startLocalCluster,
  startLocalRedis,
  startLocalSentinels,
  type LocalCluster,
  type LocalClusterOptions,
  type LocalSentinels,
  type LocalSentinelsOptions,
} from '@stile/local-redis';
import { testRedisUrl } from './redis';

/** Where the tests of this file run. */
export interface TestEngine {
  readonly kind: 'redis' | 'cluster' | 'sentinel' | 'valkey';
  readonly partitions: number;
  readonly url: string;
}

let chosen: TestEngine | undefined;

/** The Redis of the whole run, unless the test file has chosen another engine. */
export function testEngine(): TestEngine {
  return chosen ?? { kind: 'redis', partitions: 1, url: testRedisUrl() };
}

/** Starts an engine before the tests of this file, and has them run on it. Call it first: what is asked while tests are collected is there. */
function choose<T extends { url: string; stop(): Promise<void> }>(
  kind: TestEngine['kind'],
  partitions: number,
  start: (dir: string) => Promise<T>,
): { readonly server: T } {
  let dir = '';
  let server: T | undefined;
  const started = (): T => {
    if (!server) throw new Error(`the ${kind} of this test file is started by its beforeAll`);
    return server;
  };
  chosen = {
    kind,
    partitions,
    get url() {
      return started().url;
    },
  };
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), `stile-${kind}-`));
    server = await start(dir);
  });
  afterAll(async () => {
    await server?.stop();
    await rm(dir, { recursive: true, force: true });
  });
  return {
    get server() {
      return started();
    },
  };
}

export function onCluster(partitions: number, options: Omit<LocalClusterOptions, 'dir'> = {}): { readonly server: LocalCluster } {
  return choose('cluster', partitions, (dir) => startLocalCluster({ ...options, dir }));
}

export function onSentinels(options: Omit<LocalSentinelsOptions, 'dir'> = {}): { readonly server: LocalSentinels } {
  return choose('sentinel', 1, (dir) => startLocalSentinels({ ...options, dir }));
}

/** @returns false, and says so, where there is no Valkey */
export function onValkey(partitions: number): boolean {
  const valkey = findValkeyServer();
  if (valkey === undefined) return false;
  choose('valkey', partitions, (dir) => startLocalRedis({ dir, server: valkey }));
  return true;
}

/** Runs the tests of other files on the engine of this one. */
export function alsoRun(...files: readonly string[]): void {
  for (const file of files) describe(file, () => void require(join(__dirname, '..', 'integration', `${file}.test`)));
}
