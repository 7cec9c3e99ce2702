import { accessVariables } from './access-variables';
import { chaos } from './chaos';
import { limitVariables } from './limit-variables';
import { BadValue, integer, list, matching, oneOf, onOff, ranges } from './parsers';
import { AUDITS, LOG_FORMATS, LOG_LEVELS } from './stile-config';
import { keepingVariables } from './keeping-variables';
import { redisVariables } from './redis-variables';
import { define } from './variable';

export type { Variable } from './variable';

/** All that can be configured, in the order to print it. A variable set to nothing counts as unset. */
export const configTable = [
  ...redisVariables,
  define({
    name: 'STILE_HOST',
    field: 'host',
    default: '127.0.0.1',
    description: 'Address the API listens on, and a worker with STILE_HEALTH_PORT',
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
    name: 'STILE_HEALTH_PORT',
    field: 'healthPort',
    description: 'Port on which a worker answers /health/live and /health/ready, for probes; 0 takes any free one. Unset: none',
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
  ...keepingVariables,
  define({
    name: 'STILE_SHUTDOWN_MS',
    field: 'shutdownMs',
    default: '10000',
    description: 'How long a shutdown waits for steps in hand before it hands them over, ms',
    parse: integer(0, 3_600_000),
  }),
  define({
    name: 'STILE_AUDIT',
    field: 'audit',
    default: 'operators',
    description:
      'operators: the audit log has what operators and admins do, and what was refused; all: starts and events of programs, too',
    parse: oneOf(...AUDITS),
  }),
  define({
    name: 'STILE_AUDIT_ENTRIES',
    field: 'auditEntries',
    default: '100000',
    description: 'Entries that the audit log keeps at least, the oldest go first; 0 keeps all',
    parse: integer(0, 1_000_000_000),
  }),
  define({
    name: 'STILE_PARTITIONS',
    field: 'partitions',
    default: '1',
    description: 'Number of partitions; fixed at the first start',
    parse: integer(1, 1024),
  }),
  ...limitVariables,
  define({
    name: 'STILE_SERVE_PARTITIONS',
    field: 'servePartitions',
    description: 'Partitions that a worker serves, such as 0-3,7; by default all. Schedules and operations go with partition 0',
    parse: ranges(1023),
  }),
  define({
    name: 'STILE_ACK_REPLICAS',
    field: 'ackReplicas',
    default: '0',
    description: 'Replicas that must have a start, an event, an act or a commit before it is acknowledged; 0 waits for none',
    parse: integer(0, 100),
  }),
  ...accessVariables,
  define({
    name: 'STILE_CHAOS',
    field: 'chaos',
    description: 'For tests: errors to inject, as {"operation": probability}; refused where NODE_ENV is production',
    parse: chaos,
  }),
] as const;

export type VariableName = (typeof configTable)[number]['name'];

/** Names of files that hold secrets, as Docker and Kubernetes mount them, by the variable that they stand for. */
export const secretFiles: ReadonlyMap<string, string> = new Map(
  configTable.flatMap((variable) => ('secret' in variable ? [[variable.name, `${variable.name}_FILE`] as const] : [])),
);

/** Variables that begin with STILE_ too, read by commands, tools and tests only. */
export const toolVariables: readonly string[] = [
  'STILE_API_URL',
  'STILE_API_KEY',
  'STILE_TEST_REDIS_URL',
  'STILE_TEST_RUNS',
  'STILE_TEST_SEED',
];

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
