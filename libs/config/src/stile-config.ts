import type { ChaosConfig } from './chaos';
import type { EncryptionKey } from './encryption-keys';

export const LOG_LEVELS = ['error', 'warn', 'log', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const LOG_FORMATS = ['text', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** What `readConfig` returns; times in ms. Each field is set by one environment variable: see `configTable`. */
export interface StileConfig {
  readonly redisUrl: string;
  /** Undefined: leases live beside the records. */
  readonly leaseUrl?: string;
  /** Undefined: no other store takes over. Never on the server of `redisUrl` or `leaseUrl` (rule S2). */
  readonly leaseSecondaryUrl?: string;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
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
  /** Undefined: data is stored as it is. The first one encrypts, all decrypt. */
  readonly encryptionKeys?: readonly EncryptionKey[];
  readonly encryptionPer: 'tenant' | 'machine';
  /** Paths of fields that are not shown. */
  readonly redact: readonly string[];
  readonly shutdownMs: number;
  readonly partitions: number;
  /** Undefined: nothing is disturbed. */
  readonly chaos?: ChaosConfig;
}

/** Of a caller that can start a Redis of its own. */
export type ConfigWithoutRedis = Omit<StileConfig, 'redisUrl'> & Partial<Pick<StileConfig, 'redisUrl'>>;
