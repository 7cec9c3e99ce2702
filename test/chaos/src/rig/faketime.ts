import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LIBRARY = 'libfaketimeMT.so.1';

export interface FakedServer {
  /** To be started instead of redis-server. */
  readonly program: string;
  /** How far the server's wall clock is off from now on, ms. Its monotonic time goes on. */
  shift(offsetMs: number): void;
}

/**
 * A redis-server whose wall clock can be set while it runs, by libfaketime.
 *
 * @param folder for the program and the clock
 * @throws Error saying what to install when libfaketime is not there
 */
export function fakedServer(folder: string): FakedServer {
  const library = findLibrary();
  if (library === undefined) {
    throw new Error(`there is no ${LIBRARY}; type: sudo apt-get install -y --no-install-recommends libfaketime`);
  }
  mkdirSync(folder, { recursive: true });
  const clock = join(folder, 'clock');
  const shift = (offsetMs: number): void => {
    // Renamed into place: the server reads it at each look at the clock, and never a half of it.
    writeFileSync(`${clock}.new`, `${offsetMs < 0 ? '-' : '+'}${Math.abs(offsetMs) / 1000}\n`);
    renameSync(`${clock}.new`, clock);
  };
  shift(0);
  const program = join(folder, 'redis-server-with-faked-clock');
  const env = [
    // libc before the jemalloc that Debian's server is linked with: that one looks at the clock before libfaketime is ready for it.
    `LD_PRELOAD='${library} libc.so.6'`,
    `FAKETIME_TIMESTAMP_FILE='${clock}'`,
    'FAKETIME_NO_CACHE=1',
    'FAKETIME_DONT_FAKE_MONOTONIC=1',
  ].join(' ');
  const server = 'server=$(command -v redis-server || command -v valkey-server)';
  writeFileSync(program, `#!/bin/sh\n${server}\nexec env ${env} "$server" "$@"\n`, { mode: 0o755 });
  return { program, shift };
}

/** Debian keeps it in a folder of the architecture, others in one of these. */
function findLibrary(): string | undefined {
  const roots = ['/usr/lib', '/usr/local/lib', '/usr/lib64'].filter((root) => existsSync(root));
  const folders = roots.flatMap((root) => [root, ...subfolders(root)]);
  return folders.flatMap((at) => [join(at, 'faketime', LIBRARY), join(at, LIBRARY)]).find((path) => existsSync(path));
}

function subfolders(root: string): string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name.includes('-linux-'))
    .map(({ name }) => join(root, name));
}
