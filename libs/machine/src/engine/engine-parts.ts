import type { Clock } from '@stile/lease';
import type { ChildResult } from '../core/children';
import type { DefinitionSource } from '../core/bound-definition';
import type { JobQueue, StepStore, WatchStore } from '../core/ports';
import type { Counters } from '../core/counts';
import type { Timings } from '../core/timings';
import type { Colleagues } from './colleagues';
import type { EngineLog, EngineOptions, LogOptions } from './options';
import type { Slots } from './slot-keeper';
import type { Tracer } from './tracing';

/** What the engine runs on: every port it speaks to, and what is injected. */
export interface EngineParts {
  readonly steps: StepStore;
  readonly watch: WatchStore;
  readonly queue: JobQueue;
  readonly outbox: Outbox;
  readonly holds: HeldNames;
  /** None where no limits of tenants and definitions are heeded. */
  readonly slots?: Slots;
  /** What callback tokens are made from: the same for all workers of the deployment. */
  readonly secret: () => Promise<string>;
  readonly definitions: DefinitionSource;
  /** None where this worker is the only one. */
  readonly colleagues?: Pick<Colleagues, 'have'>;
  readonly counters: Counters;
  readonly clock: Clock;
  readonly random: () => number;
  readonly timings: Timings;
  /** None where nothing is traced. */
  readonly tracer?: Tracer;
  readonly log: EngineLog;
  readonly logs: LogOptions;
  /** Name of this worker. */
  readonly worker: string;
  /** Unique over all workers and restarts; begins every nonce. */
  readonly incarnation: string;
  readonly options: EngineOptions;
}

/** Delivers what commits have left. */
export interface Outbox {
  /** Something may be there for this machine; it is delivered in the background. */
  poke(correlationId: string): void;
  results(correlationId: string, group: string): Promise<readonly ChildResult[]>;
  /** Children that a machine has asked for so far. @default 0 */
  asked?(correlationId: string): Promise<number>;
}

/** Names of the holds that are in force, as this worker knows them. */
export interface HeldNames {
  /** Whether there is any: most of the time there is none, and no name need be made. */
  readonly any: boolean;
  first(names: readonly string[]): string | undefined;
}
