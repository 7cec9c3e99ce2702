import type { ChaosConfig } from './chaos';

export const LOG_LEVELS = ['error', 'warn', 'log', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const LOG_FORMATS = ['text', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export const AUDITS = ['operators', 'all'] as const;
export type AuditScope = (typeof AUDITS)[number];

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
  /** Histories keep the contexts that steps began with. */
  readonly historyContexts: boolean;
  readonly shutdownMs: number;
  readonly partitions: number;
  /** Undefined: a worker serves all. */
  readonly servePartitions?: readonly number[];
  /** 0: nothing waits for replicas. */
  readonly ackReplicas: number;
  readonly audit: AuditScope;
  /** 0: all. */
  readonly auditEntries: number;
  /** Undefined: nothing is disturbed. */
  readonly chaos?: ChaosConfig;
}

/** Of a caller that can start a Redis of its own. */
export type ConfigWithoutRedis = Omit<StileConfig, 'redisUrl'> & Partial<Pick<StileConfig, 'redisUrl'>>;
