import { ConfigError, maskPassword, type StileConfig } from '@stile/config';
import { StileError } from '@stile/machine';

/** What stops the API from starting, in words that say what to do; nothing for errors that only a programmer can mend. */
export function describeBootError(error: unknown, config?: StileConfig): string | undefined {
  if (error instanceof ConfigError || error instanceof StileError) return error.message;
  if (!(error instanceof Error)) return undefined;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall === 'listen' && config) return listenProblem(code, config);
  if (error.name === 'MaxRetriesPerRequestError' || code === 'ECONNREFUSED' || error.message === 'Command timed out') {
    const url = config === undefined ? '' : ` at ${maskPassword(config.redisUrl)}`;
    return `Redis${url} does not answer: start it, or set STILE_REDIS_URL to one that does`;
  }
  return error.name === 'ReplyError' ? `Redis refuses: ${error.message}` : undefined;
}

function listenProblem(code: string | undefined, { host, port }: StileConfig): string {
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} of ${host} is taken: set STILE_PORT to a free one, or to 0 for any`;
    case 'EACCES':
      return `port ${port} of ${host} is not for this user: set STILE_PORT to one above 1023`;
    default:
      return `cannot listen on ${host}, port ${port} (${code}): check STILE_HOST and STILE_PORT`;
  }
}
