import { ConfigError } from './config-error';
import { BadValue, type Parser } from './parsers';

/** What the commands need that talk to an API which runs somewhere. */
export interface ClientConfig {
  /** Without a slash at the end. */
  readonly apiUrl: string;
  /** Sent with each request. From the environment only: every user of a machine can read the arguments of its processes. */
  readonly apiKey?: string;
  /** Name of who runs the command, where the system tells. */
  readonly user?: string;
  /** Whether the terminal may be coloured; NO_COLOR (no-color.org) says that it may not. */
  readonly colours: boolean;
}

const DEFAULT_API_URL = 'http://127.0.0.1:3000';

/**
 * Reads what such a command needs and nothing else: it shall run where the configuration of a server would be refused.
 *
 * @param env @default process.env
 * @throws ConfigError
 */
export function readClientConfig(env: NodeJS.ProcessEnv = process.env): ClientConfig {
  const user = env.USER || env.LOGNAME || env.USERNAME || undefined;
  return {
    apiUrl: readApiUrl(env.STILE_API_URL?.trim() || DEFAULT_API_URL),
    ...(env.STILE_API_KEY?.trim() ? { apiKey: env.STILE_API_KEY.trim() } : {}),
    user,
    colours: !env.NO_COLOR && env.TERM !== 'dumb',
  };
}

function readApiUrl(value: string): string {
  try {
    return httpUrl(value);
  } catch (error) {
    if (!(error instanceof BadValue)) throw error;
    throw new ConfigError([{ variable: 'STILE_API_URL', value, problem: error.message }]);
  }
}

/** Address of an API, without a query and without credentials: every user of the machine can read those in the process list. */
export const httpUrl: Parser<string> = (text) => {
  const wanted = 'give the address of an API, such as http://127.0.0.1:3000';
  if (!URL.canParse(text)) throw new BadValue(wanted);
  const { protocol, username, search, hash } = new URL(text);
  if (!/^https?:$/.test(protocol) || username !== '' || search !== '' || hash !== '') throw new BadValue(wanted);
  return text.replace(/\/+$/, '');
};
