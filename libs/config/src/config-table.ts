import { chaos } from './chaos';
import { encryptionKeys, encryptionKeysFile } from './encryption-keys';
import { BadValue, duration, integer, leaseUrl, list, matching, oneOf, onOff, redisUrl, type Parser } from './parsers';
import { LOG_FORMATS, LOG_LEVELS, type StileConfig } from './stile-config';

/** One environment variable. */
export interface Variable<N extends string = string, K extends keyof StileConfig = keyof StileConfig> {
  readonly name: N;
  /** The field of StileConfig that it sets. */
  readonly field: K;
  /** As one would write it in the environment. Undefined: none, the field stays undefined. */
  readonly default?: string;
  readonly description: string;
  /** Its value is never shown. @default false */
  readonly secret?: true;
  readonly parse: Parser<StileConfig[K]>;
}

const define = <N extends `STILE_${string}`, K extends keyof StileConfig>(variable: Variable<N, K>) => variable;

/** All that can be configured, in the order to print it. A variable set to nothing counts as unset. */
export const configTable = [
  define({
    name: 'STILE_REDIS_URL',
    field: 'redisUrl',
    description: 'Redis of machines and queues, redis:// or rediss://. `up` and `demo` start one of their own when it is unset',
    parse: redisUrl,
  }),
  define({
    name: 'STILE_LEASE_URL',
    field: 'leaseUrl',
    description: 'Redis or PostgreSQL (postgres://) of the leases; by default they live beside the machines, which is fastest',
    parse: leaseUrl,
  }),
  define({
    name: 'STILE_LEASE_SECONDARY_URL',
    field: 'leaseSecondaryUrl',
    description: 'Redis or PostgreSQL that takes over the leases when the first one does not answer; on a server of its own',
    parse: leaseUrl,
  }),
  define({
    name: 'STILE_HOST',
    field: 'host',
    default: '127.0.0.1',
    description: 'Address the API listens on',
    parse: host,
  }),
  define({
    name: 'STILE_PORT',
    field: 'port',
    default: '3000',
    description: 'Port of the API; 0 takes any free one',
    parse: port,
  }),
  define({
    name: 'STILE_MACHINES',
    field: 'machines',
    default: '',
    description: 'Files and folders with machines, separated by commas: .yaml, .yml, .js, .cjs, .mjs',
    parse: list(),
  }),
  define({
    name: 'STILE_QUEUES',
    field: 'queues',
    description: 'Queues that a worker serves, separated by commas; by default all that its machines name',
    parse: queues,
  }),
  define({
    name: 'STILE_CONCURRENCY',
    field: 'concurrency',
    default: '50',
    description: 'Machines that a worker runs at the same time, per queue',
    parse: integer(1, 10_000),
  }),
  define({
    name: 'STILE_LEASE_TTL_MS',
    field: 'leaseTtlMs',
    default: '15000',
    description: 'Time of a lease between renewals, ms: a dead worker is noticed after it',
    parse: integer(100, 3_600_000),
  }),
  define({
    name: 'STILE_PREFIX',
    field: 'prefix',
    default: 'stile',
    description: 'Begins every key in Redis',
    parse: matching(/^[A-Za-z0-9_.-]{1,64}$/, '1 to 64 letters, digits, "_", "." or "-"'),
  }),
  define({
    name: 'STILE_LOG_LEVEL',
    field: 'logLevel',
    default: 'log',
    description: 'error, warn, log or debug',
    parse: oneOf(...LOG_LEVELS),
  }),
  define({
    name: 'STILE_LOG_FORMAT',
    field: 'logFormat',
    default: 'text',
    description: 'text, or json for a JSON object a line',
    parse: oneOf(...LOG_FORMATS),
  }),
  define({
    name: 'STILE_LOG_STEPS',
    field: 'logSteps',
    default: 'off',
    description: 'on: a worker logs a line for each attempt at a step',
    parse: onOff,
  }),
  define({
    name: 'STILE_LOG_DATA',
    field: 'logData',
    default: 'off',
    description: 'on: logs hold user data, too: contexts, data of events, what errors say',
    parse: onOff,
  }),
  define({
    name: 'STILE_OTEL',
    field: 'telemetry',
    default: 'off',
    description: 'on: a span for each attempt, through the OpenTelemetry SDK that is loaded with the process',
    parse: onOff,
  }),
  define({
    name: 'STILE_RETENTION',
    field: 'retentionMs',
    default: '7d',
    description: 'How long finished machines are kept, such as 7d, 12h, 30m, 45s, 500ms',
    parse: duration(1, 3650 * 86_400_000, 'from 1ms to 3650d'),
  }),
  define({
    name: 'STILE_HISTORY_CONTEXTS',
    field: 'historyContexts',
    default: 'on',
    description: 'on or off: whether a worker keeps in histories what steps began with, up to 16 KiB each; replay needs it',
    parse: onOff,
  }),
  define({
    name: 'STILE_ENCRYPTION_KEYS',
    field: 'encryptionKeys',
    secret: true,
    description:
      'Keys that data is encrypted with, as id:base64 of 32 bytes, separated by commas: the first one encrypts, all decrypt',
    parse: encryptionKeys,
  }),
  define({
    name: 'STILE_ENCRYPTION_KEYS_FILE',
    field: 'encryptionKeys',
    description: 'File with the same, separated by commas or line ends, such as a mounted secret',
    parse: encryptionKeysFile,
  }),
  define({
    name: 'STILE_ENCRYPTION_PER',
    field: 'encryptionPer',
    default: 'tenant',
    description: 'tenant or machine: who has a data key of their own, which `stile shred` destroys',
    parse: oneOf('tenant', 'machine'),
  }),
  define({
    name: 'STILE_REDACT',
    field: 'redact',
    default: '',
    description: 'Fields of data that logs, page and API show as [redacted], separated by commas: password, card.number, card.*',
    parse: list(
      matching(/^[^\s.,]+(\.[^\s.,]+){0,19}$/, 'names of fields, as a path with dots such as card.number; * is any one name'),
    ),
  }),
  define({
    name: 'STILE_SHUTDOWN_MS',
    field: 'shutdownMs',
    default: '10000',
    description: 'How long a shutdown waits for steps in hand before it hands them over, ms',
    parse: integer(0, 3_600_000),
  }),
  define({
    name: 'STILE_PARTITIONS',
    field: 'partitions',
    default: '1',
    description: 'Number of partitions; fixed at the first start',
    parse: integer(1, 1024),
  }),
  define({
    name: 'STILE_CHAOS',
    field: 'chaos',
    description: 'For tests: errors to inject, as {"operation": probability}; refused where NODE_ENV is production',
    parse: chaos,
  }),
] as const;

export type VariableName = (typeof configTable)[number]['name'];

/** Variables that begin with STILE_ too, read by commands, tools and tests only. */
export const toolVariables: readonly string[] = ['STILE_API_URL', 'STILE_TEST_REDIS_URL', 'STILE_TEST_RUNS', 'STILE_TEST_SEED'];

function port(text: string): number {
  if (/^(tcp|udp):/.test(text)) {
    throw new BadValue('Kubernetes sets it so for a service named "stile": set it yourself, or set enableServiceLinks: false');
  }
  return integer(0, 65_535)(text);
}

function host(text: string): string {
  if (!/^[A-Za-z0-9_.:-]+$/.test(text)) throw new BadValue('give an IP address or a host name, without scheme and port');
  return text;
}

function queues(text: string): string[] {
  const names = list(matching(/^[A-Za-z0-9_.-]+$/, 'names of letters, digits, "_", "." and "-", separated by commas'))(text);
  if (names.length === 0) throw new BadValue('name one queue at least, or unset it to serve all');
  return names;
}
