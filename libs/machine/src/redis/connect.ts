import { Redis, type RedisOptions } from 'ioredis';

export interface ConnectOptions {
  readonly url: string;
  /** `wait`: commands wait for a server that is away (workers). `fail`: they give up after a second or so (the API). */
  readonly whenAway: 'wait' | 'fail';
  readonly name?: string;
  readonly onError: (error: Error) => void;
}

/** A client with the settings that the protocol relies on. Connects lazily: the first command opens it. */
export function connect({ url, whenAway, name, onError }: ConnectOptions): Redis {
  const options: RedisOptions = {
    lazyConnect: true,
    // A demoted master answers READONLY: reconnect and send the command again, else a worker spins on it.
    reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 5), 1000),
    maxRetriesPerRequest: whenAway === 'wait' ? null : 2,
    ...(name === undefined ? {} : { connectionName: name }),
    ...(whenAway === 'fail' ? { commandTimeout: 2000 } : {}),
  };
  const redis = new Redis(url, options);
  redis.on('error', onError);
  return redis;
}
