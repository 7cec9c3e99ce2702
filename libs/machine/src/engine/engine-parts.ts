import type { Clock } from '@stile/lease';
import type { DefinitionSource } from '../core/bound-definition';
import type { JobQueue, StepStore, WatchStore } from '../core/machine-store';
import type { Counters } from '../core/ports';
import type { EngineLog, EngineOptions } from './options';

/** What the engine runs on: every port it speaks to, and what is injected. */
export interface EngineParts {
  readonly steps: StepStore;
  readonly watch: WatchStore;
  readonly queue: JobQueue;
  readonly definitions: DefinitionSource;
  readonly counters: Counters;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: EngineLog;
  /** Name of this worker. */
  readonly worker: string;
  /** Unique over all workers and restarts; begins every nonce. */
  readonly incarnation: string;
  readonly options: EngineOptions;
}
