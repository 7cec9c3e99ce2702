import { Redis, type RedisOptions } from 'ioredis';
import { doorOptions, type RedisDoor } from './door';

export interface ConnectOptions {
  readonly url: string;
  /** @default what the URL says */
  readonly door?: RedisDoor;
  /** `wait`: commands wait for a server that is away (workers). `fail`: they give up after a second or so (the API). */
  readonly whenAway: 'wait' | 'fail';
  readonly name?: string;
  readonly onError: (error: Error) => void;
}

/**
 * A connection that has owed an answer for so long is given up, ms: without it a worker whose connections a firewall has forgotten waits
 * for ever, since nobody tells it. The longest that is waited for in good order is ten seconds, by BullMQ for a job.
 */
const SILENCE_MS = 11_000;

/** A client with the settings that the protocol relies on. Connects lazily: the first command opens it. */
export function connect({ url, door = {}, whenAway, name, onError }: ConnectOptions): Redis {
  const options: RedisOptions = {
    lazyConnect: true,
    // A demoted master answers READONLY: reconnect and send the command again, else a worker spins on it.
    reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
    // The client asks a server that is loading again when that shall be through by its own estimate, which may be seconds too late.
    maxLoadingRetryTime: 250,
    socketTimeout: SILENCE_MS,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 5), 1000),
    maxRetriesPerRequest: whenAway === 'wait' ? null : 2,
    // It would tell its name and version, which the ACL of deploy/redis need not allow.
    disableClientInfo: true,
    ...doorOptions(url, door),
    ...(name === undefined ? {} : { connectionName: name }),
    ...(whenAway === 'fail' ? { commandTimeout: 2000 } : {}),
  };
  const redis = new Redis(url, options);
  redis.on('error', onError);
  // Each command that a demoted master refuses asks for the connection to be closed, by a listener of its own: with many in flight
  // Node.js would warn of a leak at each connection.
  redis.on('connect', () => redis.stream.setMaxListeners(0));
  return redis;
}
