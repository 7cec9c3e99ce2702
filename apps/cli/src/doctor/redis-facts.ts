import type { mastersOf, StileRuntime } from '@stile/machine';

type Server = ReturnType<typeof mastersOf>[number];

/** What a Redis says of itself. */
export interface RedisFacts {
  /** Host and port. */
  readonly address: string;
  readonly version: string;
  readonly role: string;
  readonly policy: string;
  /** Bytes; 0: no limit. */
  readonly maxMemory: number;
  readonly usedMemory: number;
  readonly appendOnly: boolean;
  /** Undefined where CONFIG GET is not allowed. */
  readonly appendFsync?: string;
  /** Whether it takes snapshots by itself; undefined as above. */
  readonly snapshots?: boolean;
  readonly replicas: number;
  /** Whether it refuses writes that too few replicas would have: `min-replicas-to-write`. */
  readonly minReplicas: boolean;
  /** Bytes of a value up to which a hash is kept in one piece. Undefined where CONFIG GET is not allowed. */
  readonly compactValue?: number;
  readonly lastWriteOk: boolean;
  readonly lastSaveOk: boolean;
  /** How far the clock of this host is ahead of Redis', ms. */
  readonly clockAheadMs: number;
  readonly user: string;
  /** Commands that Stile needs and that this user may not run. */
  readonly refused: readonly string[];
  /** Commands that Stile never needs, that this user may run, and that end a deployment. */
  readonly dangerous: readonly string[];
  /** As it was first used; undefined where Stile never was here. */
  readonly partitions?: number;
}

/** Reads only. @param server the one that is asked about itself @throws errors of the connection */
export async function readRedisFacts({ redis, keys }: StileRuntime, server: Server): Promise<RedisFacts> {
  const before = Date.now();
  const [seconds, micros] = await server.time();
  const serverMs = Number(seconds) * 1000 + Number(micros) / 1000;
  const clockAheadMs = Math.round((before + Date.now()) / 2 - serverMs);
  const info = fieldsOf(await server.info());
  const number = (name: string): number => Number(info.get(name) ?? 0);
  const setting = async (name: string): Promise<string | undefined> =>
    ((await allowed(() => server.config('GET', name))) as string[] | undefined)?.[1];
  const appendFsync = await setting('appendfsync');
  const known = appendFsync !== undefined;
  const save = known ? await setting('save') : undefined;
  const compact = known ? await setting('hash-max-listpack-value') : undefined;
  const user = ((await allowed(() => server.call('ACL', 'WHOAMI'))) as string | undefined) ?? 'unknown';
  const partitions = await redis.hget(keys.layout, 'partitions');
  const { host, port } = server.options;
  return {
    address: `${host}:${port}`,
    version: info.get('redis_version') ?? 'unknown',
    role: info.get('role') ?? 'unknown',
    policy: info.get('maxmemory_policy') ?? 'unknown',
    maxMemory: number('maxmemory'),
    usedMemory: number('used_memory'),
    appendOnly: info.get('aof_enabled') === '1',
    appendFsync,
    snapshots: save === undefined ? undefined : save !== '',
    ...(compact === undefined ? {} : { compactValue: Number(compact) }),
    replicas: number('connected_slaves'),
    minReplicas: info.has('min_slaves_good_slaves'),
    lastWriteOk: info.get('aof_last_write_status') !== 'err',
    lastSaveOk: info.get('rdb_last_bgsave_status') !== 'err',
    clockAheadMs,
    user,
    refused: await refusedCommands(server, keys.prefix),
    dangerous: appendFsync === undefined ? [] : await dangerousCommands(server, user),
    ...(partitions === null ? {} : { partitions: Number(partitions) }),
  };
}

/** What a command is refused with that its user may run: there is no such script, or its key is another node's. */
const ALLOWED = /^(NOSCRIPT|MOVED|ASK|TRYAGAIN)\b/;

/** Each is run where it changes nothing: on a key that is not there. */
async function refusedCommands(server: Server, prefix: string): Promise<string[]> {
  const key = `{${prefix}:doctor}:nothing`;
  const probes: [command: string, ...args: string[]][] = [
    ['EVAL', 'return 1', '0'],
    ['EVALSHA', '0'.repeat(40), '0'],
    ['HMGET', key, 'a'],
    ['HDEL', key, 'a'],
    ['ZREM', key, 'a'],
    ['ZRANGEBYSCORE', key, '0', '1'],
    ['SREM', key, 'a'],
    ['LREM', key, '0', 'a'],
    ['XADD', key, 'NOMKSTREAM', '*', 'a', 'b'],
    ['DEL', key],
    ['PEXPIRE', key, '1'],
    ['BZPOPMIN', key, '0.01'],
    ['CLIENT', 'SETNAME', 'stile-doctor'],
  ];
  const refused: string[] = [];
  for (const [command, ...args] of probes) {
    try {
      await server.call(command, ...args);
    } catch (error) {
      if (isRefusal(error)) refused.push(command);
      else if (!ALLOWED.test((error as Error).message)) throw error;
    }
  }
  return refused;
}

const DANGEROUS: readonly (readonly string[])[] = [
  ['FLUSHALL'],
  ['CONFIG', 'SET', 'dir', '/'],
  ['SHUTDOWN'],
  ['DEBUG', 'SLEEP', '0'],
  ['KEYS', '*'],
  ['ACL', 'SETUSER', 'x'],
];

/** Asked of a user who may read settings, which none that was made for Stile may: nothing is run. */
async function dangerousCommands(server: Server, user: string): Promise<string[]> {
  const found: string[] = [];
  for (const [command = '', ...args] of DANGEROUS) {
    const answer = await allowed(() => server.call('ACL', 'DRYRUN', user, command, ...args)); // since Redis 7
    if (answer === undefined) return ['CONFIG'];
    if (answer === 'OK') found.push(command);
  }
  return found;
}

async function allowed<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isRefusal(error) || /^ERR unknown (sub)?command/i.test((error as Error).message)) return undefined;
    throw error;
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && /^NOPERM/.test(error.message);
}

function fieldsOf(info: string): Map<string, string> {
  const lines = info.split('\r\n').filter((line) => line.includes(':'));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}
