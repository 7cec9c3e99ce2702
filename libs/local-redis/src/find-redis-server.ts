import { execFileSync } from 'node:child_process';

const LOOK_UP = 'command -v redis-server || command -v valkey-server';

/**
 * Path of `redis-server`, else of `valkey-server`; undefined when there is neither.
 *
 * @param path folders to look in, separated by `:`. @default the PATH of this process
 */
export function findRedisServer(path?: string): string | undefined {
  const env = path === undefined ? undefined : { PATH: path };
  try {
    return execFileSync('/bin/sh', ['-c', LOOK_UP], {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined; // the shell found neither, and ended with status 127
  }
}
