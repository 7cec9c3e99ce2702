import { execFileSync } from 'node:child_process';

const VALKEY = 'command -v valkey-server';
const LOOK_UP = `command -v redis-server || ${VALKEY}`;

/**
 * Path of `redis-server`, else of `valkey-server`; undefined when there is neither.
 *
 * @param path folders to look in, separated by `:`. @default the PATH of this process
 */
export function findRedisServer(path?: string): string | undefined {
  return find(LOOK_UP, path);
}

/** Path of `valkey-server`; undefined when there is none. @param path as above */
export function findValkeyServer(path?: string): string | undefined {
  return find(VALKEY, path);
}

function find(lookUp: string, path: string | undefined): string | undefined {
  const env = path === undefined ? undefined : { PATH: path };
  try {
    return execFileSync('/bin/sh', ['-c', lookUp], {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined; // the shell found nothing, and ended with status 127
  }
}
