import type { ChaosConfig } from './chaos';
import type { EncryptionKey } from './encryption-keys';

export const LOG_LEVELS = ['error', 'warn', 'log', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Signatures that a token may have: of key pairs only, since a secret that both sides know lets both of them sign. */
export const TOKEN_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;
export type TokenAlgorithm = (typeof TOKEN_ALGORITHMS)[number];

export const LOG_FORMATS = ['text', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export const AUDITS = ['operators', 'all'] as const;
export type AuditScope = (typeof AUDITS)[number];
export const END_STATUSES = ['completed', 'failed', 'cancelled'] as const;
export type EndStatus = (typeof END_STATUSES)[number];

/** What `readConfig` returns; times in ms. Each field is set by one environment variable: see `configTable`. */
export interface StileConfig {
  readonly redisUrl: string;
  /** Undefined: the URL says it, or nobody asks. What the files hold is read by `redisDoor`. */
  readonly redisUsername?: string;
  readonly redisPasswordFile?: string;
  /** Paths of PEM files. */
  readonly redisCaFile?: string;
  readonly redisCertFile?: string;
  readonly redisKeyFile?: string;
  readonly redisServername?: string;
  /** Undefined: leases live beside the records. */
  readonly leaseUrl?: string;
  /** Undefined: no other store takes over. Never on the server of `redisUrl` or `leaseUrl` (rule S2). */
  readonly leaseSecondaryUrl?: string;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Undefined: a worker answers no probes. */
  readonly healthPort?: number;
  /** Paths of files and folders. */
  readonly machines: readonly string[];
  /** Undefined: all that the machines name. */
  readonly queues?: readonly string[];
  readonly concurrency: number;
  readonly leaseTtlMs: number;
  readonly prefix: string;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
  /** A line for each attempt. */
  readonly logSteps: boolean;
  /** Contexts, data of events and messages of errors, too. */
  readonly logData: boolean;
  /** Spans through @opentelemetry/api. */
  readonly telemetry: boolean;
  readonly retentionMs: number;
  /** Undefined: there is none. `none`: there shall be none any more. */
  readonly archiveUrl?: string;
  /** Machines that ended so are archived. */
  readonly archiveStatuses: readonly EndStatus[];
  /** Undefined: no snapshots are taken. */
  readonly snapshotUrl?: string;
  readonly snapshotEveryMs: number;
  readonly snapshotKeep: number;
  /** Histories keep the contexts that steps began with. */
  readonly historyContexts: boolean;
  /** Undefined: data is stored as it is. The first one encrypts, all decrypt. */
  readonly encryptionKeys?: readonly EncryptionKey[];
  readonly encryptionPer: 'tenant' | 'machine';
  /** Paths of fields that are not shown. */
  readonly redact: readonly string[];
  readonly shutdownMs: number;
  readonly partitions: number;
  /** Undefined: a worker serves all. */
  readonly servePartitions?: readonly number[];
  /** 0: nothing waits for replicas. */
  readonly ackReplicas: number;
  readonly audit: AuditScope;
  /** 0: all. */
  readonly auditEntries: number;
  /** Whether callers of the API have to say who they are. */
  readonly auth: boolean;
  /** Whether the API may listen beyond loopback without asking who calls. */
  readonly insecureOpen: boolean;
  /** Where browsers reach the API, without a slash at the end. */
  readonly publicUrl?: string;
  /** How long somebody who signed in to the page stays so. */
  readonly sessionMs: number;
  /** Undefined: no tokens, keys only. */
  readonly oidcIssuer?: string;
  readonly oidcAudience?: string;
  /** Undefined: the page offers no login there. */
  readonly oidcClientId?: string;
  readonly oidcClientSecret?: string;
  readonly oidcRoleClaim: string;
  /** Undefined: tokens are of no tenant, and of all definitions. */
  readonly oidcTenantClaim?: string;
  readonly oidcDefinitionsClaim?: string;
  readonly oidcAlgorithms: readonly TokenAlgorithm[];
  readonly oidcSkewMs: number;
  /** Bytes. */
  readonly limitBody: number;
  readonly limitContext: number;
  readonly limitEvent: number;
  /** Items. */
  readonly limitHistory: number;
  readonly limitInbox: number;
  readonly limitChildren: number;
  /** Generations. */
  readonly limitDepth: number;
  /** Of a caller, per second; 0 for any number. */
  readonly limitStarts: number;
  /** Percent; 100 for never. */
  readonly limitMemory: number;
  readonly limitStreams: number;
  readonly limitCallerStreams: number;
  /** Undefined: nothing is disturbed. */
  readonly chaos?: ChaosConfig;
}

/** Of a caller that can start a Redis of its own. */
export type ConfigWithoutRedis = Omit<StileConfig, 'redisUrl'> & Partial<Pick<StileConfig, 'redisUrl'>>;
