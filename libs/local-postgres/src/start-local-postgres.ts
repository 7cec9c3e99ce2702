import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort, startSupervised, type Supervised } from '@stile/local-redis';

export interface LocalPostgresOptions {
  /** Folder of its data and of `postgres.log`; made when missing, and kept when it stops. @default one in /tmp, removed when it stops */
  readonly dir?: string;
  /** Begins as a copy of this server, and follows it as its standby until it is promoted. @default a new cluster */
  readonly standbyOf?: LocalPostgres;
  /** Writes to the disk what it says it has written; only a power cut tells the difference. @default false */
  readonly fsync?: boolean;
  /** More settings, such as `{ max_connections: '5' }`. @default none */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface LocalPostgres {
  /** `postgres://postgres:<password>@127.0.0.1:<port>/postgres`, a superuser's. */
  readonly url: string;
  readonly port: number;
  readonly dir: string;
  /** Of the server itself; another one after a restart. */
  readonly pid: number;
  /** Ends the server in good order, whoever is connected, and for good. Harmless when it has ended already. */
  stop(): Promise<void>;
  /** Sends the server (not the processes of its connections) SIGKILL, SIGSTOP … Does nothing when it has ended. */
  kill(signal: NodeJS.Signals): void;
  /** Ends the server in good order, to be started again. */
  halt(): Promise<void>;
  /** Starts it again on the same port and data, once it has ended, or ends it first. */
  restart(): Promise<void>;
  /** Makes a standby the primary, on a new timeline. */
  promote(): Promise<void>;
  /** Ends it, starts it again as a standby that follows nobody, and promotes that: a new timeline of the same data. */
  changeTimeline(): Promise<void>;
}

const run = promisify(execFile);
const USER = 'postgres';
const PORT_ATTEMPTS = 5;
const START_TIMEOUT_MS = 20_000;
const POLL_MS = 5;

/** Programs of Debian's package (the newest version there is), else those on PATH. @throws Error saying what to install */
export function postgresProgram(name: string): string {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map((version) => join(debian, version, 'bin', name)).find((path) => existsSync(path)) ?? onPath(name);
  if (found === undefined) throw new Error(`there is no ${name}, neither in ${debian} nor on PATH; apt-get install postgresql`);
  return found;
}

function onPath(name: string): string | undefined {
  try {
    return execFileSync('/bin/sh', ['-c', 'command -v "$1"', 'sh', name], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined; // the shell did not find it
  }
}

/**
 * Starts a PostgreSQL of this process's own, on 127.0.0.1 only, and waits until it serves. It ends with this process, even when that is
 * killed by SIGKILL, and does not keep it running. PostgreSQL refuses to run as root: then it runs as the user `postgres`, who must be
 * able to reach `dir`.
 *
 * @throws Error with the server's own last words when it does not start
 */
export async function startLocalPostgres(options: LocalPostgresOptions = {}): Promise<LocalPostgres> {
  const dir = options.dir ?? (await mkdtemp('/tmp/stile-pg-')); // short: a socket's path has at most 107 characters
  await mkdir(dir, { recursive: true });
  const user = runAs();
  if (user !== undefined) await chown(dir, user.uid, user.gid);
  await chmod(dir, 0o700);
  const cluster: Cluster = { dir, data: join(dir, 'data'), log: join(dir, 'postgres.log'), user, options };
  try {
    const password = await prepare(cluster);
    for (let attempt = 1; ; attempt++) {
      const port = await freePort();
      try {
        return serve(cluster, port, password, await start(cluster, port));
      } catch (error) {
        if (attempt === PORT_ATTEMPTS || !/Address already in use/.test(String(error))) throw error;
      }
    }
  } catch (error) {
    if (options.dir === undefined) await rm(dir, { recursive: true, force: true });
    throw error;
  }
}

interface Cluster {
  readonly dir: string;
  readonly data: string;
  readonly log: string;
  readonly user: User | undefined;
  readonly options: LocalPostgresOptions;
}

interface User {
  readonly uid: number;
  readonly gid: number;
}

/** Undefined: as whom this process runs. */
function runAs(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, USER], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** Makes the data unless they are there. @returns the superuser's password */
async function prepare(cluster: Cluster): Promise<string> {
  const { dir, data, user, options } = cluster;
  const passwordFile = join(dir, 'password');
  if (existsSync(join(data, 'PG_VERSION'))) return readFile(passwordFile, 'utf8');
  const password = options.standbyOf ? new URL(options.standbyOf.url).password : randomBytes(12).toString('hex');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user !== undefined) await chown(passwordFile, user.uid, user.gid);
  const copy = [
    '--pgdata',
    data,
    '--write-recovery-conf',
    '--checkpoint=fast',
    '--no-sync',
    '--dbname',
    options.standbyOf?.url ?? '',
  ];
  const fresh = ['--pgdata', data, '--no-sync', '--encoding=UTF8', '--locale=C', '--auth=scram-sha-256'];
  const [program, args] = options.standbyOf
    ? ['pg_basebackup', copy]
    : ['initdb', [...fresh, '--username', USER, '--pwfile', passwordFile]];
  await run(postgresProgram(program), args, { ...user, cwd: dir });
  return password;
}

async function start(cluster: Cluster, port: number): Promise<Supervised> {
  const { dir, data, log, user } = cluster;
  const command = [postgresProgram('postgres'), '-D', data, ...settings(cluster, port)];
  // setpriv becomes the server, so that the pid told is the server's.
  const drop = user ? ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'] : [];
  const [program, ...args] = [...drop, ...command] as [string, ...string[]];
  const server = await startSupervised(program, args, log);
  try {
    await untilReady(server, data);
    return server;
  } catch (error) {
    await end(server);
    const words = (await readFile(log, 'utf8').catch(() => '')).trim().split('\n').slice(-10).join('\n');
    throw new Error(`PostgreSQL did not start on port ${port} in ${dir}: ${(error as Error).message}\n${words}`, {
      cause: error,
    });
  }
}

function settings({ dir, options }: Cluster, port: number): string[] {
  const all = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: dir,
    fsync: options.fsync ? 'on' : 'off',
    shared_buffers: '16MB',
    dynamic_shared_memory_type: 'mmap', // in the data folder: nothing is left in /dev/shm after SIGKILL
    ...options.settings,
  };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** The server's own word: line 1 of this file is its pid, line 8 its state. No port is asked that another may have been faster on. */
async function untilReady(server: Supervised, data: string): Promise<void> {
  for (const giveUp = Date.now() + START_TIMEOUT_MS; ;) {
    if (server.hasExited()) throw new Error('it ended');
    const lines = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
    if (Number(lines[0]) === server.pid && lines[7]?.trim() === 'ready') return;
    if (Date.now() > giveUp) throw new Error(`not ready within ${START_TIMEOUT_MS} ms`);
    await Promise.race([sleep(POLL_MS), server.exited]);
  }
}

function serve(cluster: Cluster, port: number, password: string, first: Supervised): LocalPostgres {
  let server = first;
  const { user, data, dir } = cluster;
  const restart = async () => {
    await end(server);
    server = await startAgain(cluster, port);
  };
  const promote = async () => {
    await run(postgresProgram('pg_ctl'), ['promote', '-D', data, '-w'], { ...user, cwd: dir });
  };
  return {
    url: `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`,
    port,
    dir,
    get pid() {
      return server.pid;
    },
    kill: (signal) => {
      if (!server.hasExited()) send(server.pid, signal);
    },
    halt: () => end(server),
    stop: async () => {
      await end(server);
      if (cluster.options.dir === undefined) await rm(dir, { recursive: true, force: true });
    },
    restart,
    promote,
    changeTimeline: async () => {
      await end(server);
      await writeFile(join(data, 'standby.signal'), '');
      await restart();
      await promote();
    },
  };
}

/** After SIGKILL the processes of its connections live on for a moment; until the last is gone the data are taken. */
async function startAgain(cluster: Cluster, port: number): Promise<Supervised> {
  for (const giveUp = Date.now() + START_TIMEOUT_MS; ;) {
    try {
      return await start(cluster, port);
    } catch (error) {
      if (Date.now() > giveUp || !/still in use|Address already in use|lock file/.test(String(error))) throw error;
      await sleep(50);
    }
  }
}

async function end(server: Supervised): Promise<void> {
  if (server.hasExited()) return;
  // SIGINT first: SIGTERM, which release sends, would wait for clients to leave.
  for (const signal of ['SIGINT', 'SIGCONT'] as const) send(server.pid, signal);
  server.release();
  const awake = setInterval(() => undefined, 1000); // `exited` alone would not keep this process running
  await server.exited.finally(() => clearInterval(awake));
}

/** It may have ended a moment ago, and nobody has been told yet. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
