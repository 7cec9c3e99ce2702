import { defaultLimits, type Limits } from '../core/limits';
import type { Redactor } from '../core/redact';

/** How the engine runs steps. Every field has a default; see {@link engineDefaults}. */
export interface EngineOptions {
  /** Steps that one claim may run before it yields through the queue. @default 100 */
  readonly stickySteps: number;
  /** Time after which a claim yields through the queue, ms. @default 500 */
  readonly stickyMs: number;
  /** Claims of one attempt that may end without a word before the machine fails as crashed (C4). @default 5 */
  readonly crashLimit: number;
  /** How long a finished machine is kept, ms, unless its definition says otherwise. @default 7 days */
  readonly retentionMs: number;
  /** Lease time, ms. @default 15000 */
  readonly leaseTtlMs: number;
  /** Whether histories keep the contexts and data that steps began with; else their sizes only. @default true */
  readonly historyContexts: boolean;
  /** How much there may be of what actions leave. @default defaultLimits */
  readonly limits: Limits;
}

export const engineDefaults: EngineOptions = {
  stickySteps: 100,
  stickyMs: 500,
  crashLimit: 5,
  retentionMs: 7 * 24 * 3600 * 1000,
  leaseTtlMs: 15_000,
  historyContexts: true,
  limits: defaultLimits,
};

/** What the engine is given from outside: no clock and no randomness of its own. */
export interface EngineLog {
  debug(message: string): void;
  log(message: string): void;
  warn(message: string): void;
  error(message: string): void;
  /** A line with fields of its own; where there is no such method, they are written behind the message as JSON. */
  entry?(level: LogLevel, message: string, fields: object): void;
}

export type LogLevel = 'debug' | 'log' | 'warn' | 'error';

/** What is logged beside what is out of the ordinary. */
export interface LogOptions {
  /** A line for each attempt. @default false */
  readonly steps: boolean;
  /** Whether user data is logged, too: contexts, data of events, messages of errors. @default false */
  readonly data: boolean;
  /** Hides fields of user data, also of what users log. @default nothing is hidden */
  readonly redact?: Redactor;
}

export const quietLogs: LogOptions = { steps: false, data: false };
