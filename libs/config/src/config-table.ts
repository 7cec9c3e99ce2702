import { chaos } from './chaos';
import { httpUrl } from './client-config';
import { encryptionKeys } from './encryption-keys';
import { limitVariables } from './limit-variables';
import { asGiven, BadValue, duration, integer, list, matching, oneOf, onOff, ranges, type Parser } from './parsers';
import { AUDITS, END_STATUSES, LOG_FORMATS, LOG_LEVELS, TOKEN_ALGORITHMS } from './stile-config';
import type { EndStatus, StileConfig, TokenAlgorithm } from './stile-config';
import { archiveUrl, folderUrl, leaseUrl, redisUrl } from './urls';

/** One environment variable. */
export interface Variable<N extends string = string, K extends keyof StileConfig = keyof StileConfig> {
  readonly name: N;
  /** The field of StileConfig that it sets. */
  readonly field: K;
  /** As one would write it in the environment. Undefined: none, the field stays undefined. */
  readonly default?: string;
  readonly description: string;
  readonly parse: Parser<StileConfig[K]>;
  /** It may hold a password: it can be given as a file, too: `<name>_FILE` names one that has it. @default false */
  readonly secret?: true;
  /** Its value is never shown, not even where it cannot be used. @default false */
  readonly hidden?: true;
}

const define = <N extends `STILE_${string}`, K extends keyof StileConfig>(variable: Variable<N, K>) => variable;

/** All that can be configured, in the order to print it. A variable set to nothing counts as unset. */
export const configTable = [
  define({
    name: 'STILE_REDIS_URL',
    field: 'redisUrl',
    description:
      'Redis of machines and queues: redis://, redis-cluster:// or redis-sentinel://, with rediss for TLS. `up` and `demo` start one of their own when it is unset',
    parse: redisUrl,
    secret: true,
  }),
  define({
    name: 'STILE_REDIS_USERNAME',
    field: 'redisUsername',
    description: 'User of that Redis, where its URL names none',
    parse: asGiven,
  }),
  define({
    name: 'STILE_REDIS_PASSWORD_FILE',
    field: 'redisPasswordFile',
    description: 'File that holds the password, instead of one in the URL; read at the start',
    parse: asGiven,
  }),
  define({
    name: 'STILE_REDIS_CA_FILE',
    field: 'redisCaFile',
    description: 'PEM file of who signed the certificate of a rediss:// server; by default those that Node.js trusts',
    parse: asGiven,
  }),
  define({
    name: 'STILE_REDIS_CERT_FILE',
    field: 'redisCertFile',
    description: 'PEM file of the certificate that this process shows to such a server',
    parse: asGiven,
  }),
  define({
    name: 'STILE_REDIS_KEY_FILE',
    field: 'redisKeyFile',
    description: 'PEM file of the key of that certificate',
    parse: asGiven,
  }),
  define({
    name: 'STILE_REDIS_SERVERNAME',
    field: 'redisServername',
    description: "Name that the server's certificate has to have; by default the host of the URL",
    parse: asGiven,
  }),
  define({
    name: 'STILE_LEASE_URL',
    field: 'leaseUrl',
    description: 'Redis or PostgreSQL (postgres://) of the leases; by default they live beside the machines, which is fastest',
    parse: leaseUrl,
    secret: true,
  }),
  define({
    name: 'STILE_LEASE_SECONDARY_URL',
    field: 'leaseSecondaryUrl',
    description: 'Redis or PostgreSQL that takes over the leases when the first one does not answer; on a server of its own',
    parse: leaseUrl,
    secret: true,
  }),
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
  define({
    name: 'STILE_RETENTION',
    field: 'retentionMs',
    default: '7d',
    description: 'How long finished machines are kept, such as 7d, 12h, 30m, 45s, 500ms',
    parse: duration(1, 3650 * 86_400_000, 'from 1ms to 3650d'),
  }),
  define({
    name: 'STILE_ARCHIVE_URL',
    field: 'archiveUrl',
    description:
      'Where finished machines go when their retention ends: postgres:// or file:///folder; `none` does without one that there was',
    parse: archiveUrl,
  }),
  define({
    name: 'STILE_ARCHIVE_STATUSES',
    field: 'archiveStatuses',
    default: 'completed,failed,cancelled',
    description: 'Machines that ended so are archived, others go without',
    parse: endStatuses,
  }),
  define({
    name: 'STILE_SNAPSHOT_URL',
    field: 'snapshotUrl',
    description: 'Folder (file:///folder) of the snapshots that workers take of all machines, for `stile rebuild`',
    parse: folderUrl,
  }),
  define({
    name: 'STILE_SNAPSHOT_EVERY',
    field: 'snapshotEveryMs',
    default: '1h',
    description: 'Time from the beginning of one snapshot to that of the next',
    parse: duration(1000, 30 * 86_400_000, 'from 1s to 30d'),
  }),
  define({
    name: 'STILE_SNAPSHOT_KEEP',
    field: 'snapshotKeep',
    default: '24',
    description: 'Snapshots that are kept, older ones are deleted',
    parse: integer(1, 10_000),
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
    hidden: true,
    description:
      'Keys that data is encrypted with, as id:base64 of 32 bytes, separated by commas or line ends: the first one encrypts, all decrypt',
    parse: encryptionKeys,
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
  define({
    name: 'STILE_AUTH',
    field: 'auth',
    default: 'off',
    description: 'on: the API asks who calls, and lets nobody in without an API key, a token or a session',
    parse: onOff,
  }),
  define({
    name: 'STILE_INSECURE_OPEN',
    field: 'insecureOpen',
    default: 'off',
    description: 'on: the API may listen beyond loopback with `STILE_AUTH=off`, open to whoever reaches it',
    parse: onOff,
  }),
  define({
    name: 'STILE_PUBLIC_URL',
    field: 'publicUrl',
    description: 'Where browsers reach the API; with https:// cookies are for TLS only. The login of the page needs it',
    parse: httpUrl,
  }),
  define({
    name: 'STILE_SESSION',
    field: 'sessionMs',
    default: '8h',
    description: 'How long somebody who has signed in to the page stays so',
    parse: duration(60_000, 30 * 86_400_000, 'from 1m to 30d'),
  }),
  define({
    name: 'STILE_OIDC_ISSUER',
    field: 'oidcIssuer',
    description: 'Issuer of tokens (OpenID Connect): https://, or http:// on loopback. Without it there are API keys only',
    parse: issuer,
  }),
  define({
    name: 'STILE_OIDC_AUDIENCE',
    field: 'oidcAudience',
    description: 'Audience that tokens must have',
    parse: matching(/^\S{1,200}$/, '1 to 200 characters without spaces'),
  }),
  define({
    name: 'STILE_OIDC_CLIENT_ID',
    field: 'oidcClientId',
    description: 'Client of the issuer for the login of the page',
    parse: matching(/^\S{1,200}$/, '1 to 200 characters without spaces'),
  }),
  define({
    name: 'STILE_OIDC_CLIENT_SECRET',
    field: 'oidcClientSecret',
    secret: true,
    hidden: true,
    description: 'Its secret, where it has one',
    parse: (text) => text,
  }),
  define({
    name: 'STILE_OIDC_ROLE_CLAIM',
    field: 'oidcRoleClaim',
    default: 'stile_role',
    description: 'Claim with the role: viewer, starter, operator or admin, or a list with one of them; dots lead into objects',
    parse: claim,
  }),
  define({
    name: 'STILE_OIDC_TENANT_CLAIM',
    field: 'oidcTenantClaim',
    description: 'Claim with the tenant. When set, every token must have it: a tenant, or `*` for all',
    parse: claim,
  }),
  define({
    name: 'STILE_OIDC_DEFINITIONS_CLAIM',
    field: 'oidcDefinitionsClaim',
    description: 'Claim with the names of definitions. When set, every token must have it: a list, or `*` for all',
    parse: claim,
  }),
  define({
    name: 'STILE_OIDC_ALGORITHMS',
    field: 'oidcAlgorithms',
    default: 'RS256,PS256,ES256,EdDSA',
    description: 'Signatures that tokens may have, of key pairs only',
    parse: algorithms,
  }),
  define({
    name: 'STILE_OIDC_SKEW',
    field: 'oidcSkewMs',
    default: '30s',
    description: "How far the issuer's clock may be off",
    parse: duration(0, 300_000, 'from 0s to 5m'),
  }),
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

/** Kept as it is written: what a token says of its issuer must be the same text, a slash at the end included. */
function issuer(text: string): string {
  httpUrl(text);
  return text;
}

function algorithms(text: string): TokenAlgorithm[] {
  const names = list()(text).map(oneOf(...TOKEN_ALGORITHMS));
  if (names.length === 0) throw new BadValue(`name one of ${TOKEN_ALGORITHMS.join(', ')} at least`);
  return names;
}

function claim(text: string): string {
  return matching(/^[^\s]{1,200}$/, 'the name of a claim, 1 to 200 characters without spaces')(text);
}

function endStatuses(text: string): EndStatus[] {
  const statuses = list(oneOf(...END_STATUSES))(text) as EndStatus[];
  if (statuses.length === 0) throw new BadValue(`name some of ${END_STATUSES.join(', ')}`);
  return statuses;
}

function queues(text: string): string[] {
  const names = list(matching(/^[A-Za-z0-9_.-]+$/, 'names of letters, digits, "_", "." and "-", separated by commas'))(text);
  if (names.length === 0) throw new BadValue('name one queue at least, or unset it to serve all');
  return names;
}
