import { Redis, type Cluster, type RedisOptions } from 'ioredis';
import { ClosedBy } from './closed-by';
import { doorOptions, type DoorOptions, type RedisDoor } from './door';
import { PatientCluster } from './patient-cluster';
import { readRedisUrl, type RedisPlace } from './redis-url';

/** A client of one server (found through sentinels or not), or of a cluster. */
export type RedisConnection = Redis | Cluster;

export interface ConnectOptions {
  readonly url: string;
  /** @default what the URL says */
  readonly door?: RedisDoor;
  /** `wait`: commands wait for a server that is away (workers). `fail`: they give up after a second or so (the API). */
  readonly whenAway: 'wait' | 'fail';
  readonly name?: string;
  /** For ConfirmedWrites: a demoted master's refusal is told, not sent again behind its back. @default false */
  readonly confirms?: boolean;
  readonly onError: (error: Error) => void;
}

/**
 * A connection that has owed an answer for so long is given up, ms: without it a worker whose connections a firewall has forgotten waits
 * for ever, since nobody tells it. The longest that is waited for in good order is ten seconds, by BullMQ for a job.
 */
const SILENCE_MS = 11_000;
/** How long commands of `fail` wait for an answer, ms. */
const PATIENCE_MS = 2000;
/** Time before a command is sent to another node, or again, ms. A slot that moves, or a failover, must not make a worker spin. */
const MOVED_MS = 20;
const TRY_AGAIN_MS = 100;

/** A client with the settings that the protocol relies on. Connects lazily: the first command opens it. */
export function connect(options: ConnectOptions): RedisConnection {
  const place = readRedisUrl(options.url);
  return place.kind === 'cluster' ? clusterOf(place, options) : redisOf(place, options);
}

export const isCluster = (redis: RedisConnection): redis is Cluster => redis.isCluster;

/** The servers that take writes: of a cluster those that its client knows, none before it was asked something. */
export function mastersOf(redis: RedisConnection): readonly Redis[] {
  return isCluster(redis) ? redis.nodes('master') : [redis];
}

function redisOf(place: Exclude<RedisPlace, { kind: 'cluster' }>, { onError, ...asked }: ConnectOptions): Redis {
  const { whenAway } = asked;
  const options: RedisOptions = {
    ...optionsOf(asked),
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 5), 1000),
    ...(whenAway === 'fail' ? { commandTimeout: PATIENCE_MS } : {}),
  };
  const own = doorOptions(asked.url, asked.door ?? {});
  const redis =
    place.kind === 'single'
      ? new Redis(place.url, { ...options, ...own })
      : new Redis({ ...options, ...sentinelOptions(place, own) });
  unlimitListeners(redis);
  if (place.kind === 'single') redis.on('error', onError);
  else {
    const { sentinelUsername: username, sentinelPassword: password, sentinelTLS: tls } = redis.options;
    const closedBy = new ClosedBy(redis, place.nodes, { username, password, tls }, onError);
    redis.on('error', closedBy.tell);
    redis.on('sentinelError', closedBy.tell);
  }
  return redis;
}

/** Whoever is master by the sentinels' word is asked for again at each connection. */
function sentinelOptions(place: Extract<RedisPlace, { kind: 'sentinel' }>, own: DoorOptions): RedisOptions {
  const { nodes, name, tls, username, password, sentinelUsername, sentinelPassword } = place;
  const known = { tls: {}, ...own };
  return {
    ...{ sentinels: [...nodes], name, username, password, sentinelUsername, sentinelPassword, ...own },
    sentinelRetryStrategy: (attempt) => Math.min(100 * attempt, 1000),
    ...(tls ? { enableTLSForSentinelMode: true, tls: known.tls, sentinelTLS: known.tls } : {}),
  };
}

/**
 * Commands are sent again for as long as `whenAway` says: after MOVED and ASK, TRYAGAIN while a slot moves, CLUSTERDOWN, and a node that
 * is gone until another has its slots. No connection to a node tries by itself: the cluster says who is there.
 */
function clusterOf(place: Extract<RedisPlace, { kind: 'cluster' }>, { onError, ...asked }: ConnectOptions): Cluster {
  const { nodes, tls, username, password } = place;
  const { whenAway } = asked;
  const door = { username, password, ...(tls ? { tls: {} } : {}), ...doorOptions(asked.url, asked.door ?? {}) };
  const cluster = new PatientCluster([...nodes], {
    lazyConnect: true,
    clusterRetryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 5), 1000),
    maxRedirections: whenAway === 'wait' ? Number.MAX_SAFE_INTEGER : 30, // the time that they have ends `fail`
    retryDelayOnMoved: MOVED_MS,
    retryDelayOnTryAgain: TRY_AGAIN_MS,
    retryDelayOnClusterDown: TRY_AGAIN_MS,
    retryDelayOnFailover: TRY_AGAIN_MS,
    slotsRefreshTimeout: PATIENCE_MS,
    redisOptions: { ...optionsOf(asked), ...door },
    // Where TLS is on, certificates name hosts: what the nodes call themselves is not looked up.
    ...(tls ? { dnsLookup: (address: string, done: (error: null, address: string) => void) => done(null, address) } : {}),
  });
  if (whenAway === 'fail') cluster.patienceMs = PATIENCE_MS;
  cluster.on('+node', unlimitListeners);
  const closedBy = new ClosedBy(cluster, nodes, door, onError);
  cluster.on('error', closedBy.tell);
  cluster.on('node error', closedBy.tell);
  return cluster;
}

function optionsOf({
  whenAway,
  name,
  confirms = false,
}: Omit<ConnectOptions, 'onError'>): RedisOptions & { replyMapping?: 'legacy' } {
  return {
    lazyConnect: true,
    // A demoted master answers READONLY: reconnect and send the command again, else a worker spins on it.
    reconnectOnError: (error) => error.message.startsWith('READONLY') && (confirms ? 1 : 2),
    // The client asks a server that is loading again when that shall be through by its own estimate, which may be seconds too late.
    maxLoadingRetryTime: 250,
    socketTimeout: SILENCE_MS,
    maxRetriesPerRequest: whenAway === 'wait' ? null : 2,
    // It would tell its name and version, which the ACL of deploy/redis need not allow.
    disableClientInfo: true,
    ...(name === undefined ? {} : { connectionName: name }),
  };
}

/**
 * Each command that a demoted master refuses asks for the connection to be closed, by a listener of its own: with many in flight
 * Node.js would warn of a leak at each connection.
 */
function unlimitListeners(redis: Redis): void {
  redis.on('connect', () => redis.stream.setMaxListeners(0));
}
