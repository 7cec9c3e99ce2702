/** A simple string such as `OK`; Lua sees `{ ok = 'OK' }`, the client the text. */
export class Status {
  constructor(readonly text: string) {}
}

export const OK = new Status('OK');

/** What a command answers, in byte strings. An error is thrown, unless it is an item of a list. */
export type Reply = string | number | null | Status | RedisError | readonly Reply[];

/** An error reply. The name is the one that ioredis's own have, which the adapters look at. */
export class RedisError extends Error {
  override readonly name = 'ReplyError';
}

export const wrongType = (): RedisError => new RedisError('WRONGTYPE Operation against a key holding the wrong kind of value');
export const syntaxError = (): RedisError => new RedisError('ERR syntax error');
export const notAnInteger = (): RedisError => new RedisError('ERR value is not an integer or out of range');
export const notAFloat = (): RedisError => new RedisError('ERR value is not a valid float');

/** Worded otherwise where a script made the call. */
export class ArityError extends RedisError {
  constructor(command: string) {
    super(`ERR wrong number of arguments for '${command.toLowerCase()}' command`);
  }
}
