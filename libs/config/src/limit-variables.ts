import { integer, type Parser } from './parsers';
import type { StileConfig } from './stile-config';

type LimitField = Extract<keyof StileConfig, `limit${string}`>;

/** `configTable` knows what a variable is; these are alike but for name, bounds and default. */
const limit = <N extends `STILE_LIMIT_${string}`, K extends LimitField>(
  name: N,
  field: K,
  [min, standard, max]: readonly [min: number, standard: number, max: number],
  description: string,
): { name: N; field: K; default: string; description: string; parse: Parser<number> } => ({
  ...{ name, field, description },
  default: String(standard),
  parse: integer(min, max),
});

const KIB = 1024;
const MIB = 1024 * KIB;

/** How much there may be of what users put in. Each has an error of its own: see docs/guide/limits.md. */
export const limitVariables = [
  limit('STILE_LIMIT_BODY', 'limitBody', [KIB, MIB, 64 * MIB], 'Body of a request to the API, bytes'),
  limit('STILE_LIMIT_CONTEXT', 'limitContext', [64, 256 * KIB, 16 * MIB], 'Context of a machine, bytes of JSON'),
  limit('STILE_LIMIT_EVENT', 'limitEvent', [64, 256 * KIB, 16 * MIB], 'Data of an event or a message, bytes of JSON'),
  limit('STILE_LIMIT_HISTORY', 'limitHistory', [10, 1000, 100_000], 'Items that the history of a machine keeps, the newest'),
  limit(
    'STILE_LIMIT_INBOX',
    'limitInbox',
    [1, 1000, 100_000],
    'Events that wait in the inbox of a machine whose definition says nothing of it',
  ),
  limit('STILE_LIMIT_CHILDREN', 'limitChildren', [1, 100_000, 10_000_000], 'Children that a machine asks for in its life'),
  limit('STILE_LIMIT_DEPTH', 'limitDepth', [1, 1000, 1_000_000], 'Generations of children, of children of children and so on'),
  limit(
    'STILE_LIMIT_STARTS',
    'limitStarts',
    [0, 0, 100_000],
    'Starts that a caller of the API may ask for in a second; 0 for any number',
  ),
  limit(
    'STILE_LIMIT_MEMORY',
    'limitMemory',
    [1, 80, 100],
    'Percent of the maxmemory of Redis from which on nothing new is started; 100 for never',
  ),
  limit(
    'STILE_LIMIT_STREAMS',
    'limitStreams',
    [1, 1000, 1_000_000],
    'Streams of server-sent events that an API process keeps open',
  ),
  limit('STILE_LIMIT_CALLER_STREAMS', 'limitCallerStreams', [1, 500, 1_000_000], 'And those of one caller among them'),
] as const;
