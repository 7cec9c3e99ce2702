import { runsOf, type Log, type RunLog } from '../log';
import { lossesOf, type Losses } from './acknowledged';
import { committed } from './run-parts';
import { stepsLost } from './steps';
import type { CheckOptions } from './violation';

export interface Figures {
  readonly machines: number;
  readonly runs: number;
  /** By status at the end. */
  readonly ends: Readonly<Record<string, number>>;
  readonly attempts: number;
  readonly acted: number;
  readonly aborted: number;
  /** In the histories that were kept. */
  readonly committedSteps: number;
  /** Claims in which an action ran, for each step in which one did. */
  readonly attemptsPerStep: { readonly mean: number; readonly max: number };
  readonly duplicates: {
    /** Actions that ran again: begun, less the places they were begun at. */
    readonly actions: number;
    /** What a sink had already. */
    readonly repeats: number;
    /** What a sink refused. */
    readonly refused: number;
  };
  /** Accepted by a fenced sink that has no count of its own: their order was not checked. */
  readonly unordered: number;
  /** ms; null where nothing was measured. */
  readonly resume: { readonly count: number; readonly p50: number; readonly p99: number; readonly max: number } | null;
  readonly faults: Readonly<Record<string, number>>;
  /** Starts and events whose answer was lost; `happened`: those of them that are there at the end. */
  readonly maybes: { readonly starts: number; readonly events: number; readonly happened: number };
  /** With the store's tail, as far as the log shows it. All 0 where no `lost` entry is. */
  readonly losses: Losses & { readonly steps: number };
  readonly torn: number;
}

/** Adds up figures of one log after another, each machine in one of them. */
export class FigureCount {
  private readonly ends: Record<string, number> = {};
  private readonly faults: Record<string, number> = {};
  private readonly resumeMs: number[] = [];
  private readonly losses = { starts: 0, events: 0, steps: 0 };
  private readonly maybes = { starts: 0, events: 0, happened: 0 };
  private readonly sum = { machines: 0, runs: 0, attempts: 0, acted: 0, aborted: 0, committedSteps: 0, unordered: 0, torn: 0 };
  private readonly duplicates = { actions: 0, repeats: 0, refused: 0 };
  private readonly claims = { steps: 0, count: 0, max: 0 };

  add(log: Log, options: CheckOptions = {}): void {
    const { starts, events } = lossesOf(log, options);
    this.losses.starts += starts;
    this.losses.events += events;
    this.sum.torn += log.torn;
    for (const { what } of log.faults) this.faults[what] = (this.faults[what] ?? 0) + 1;
    for (const { runs, resumed, maybes } of log.machines.values()) {
      this.sum.machines++;
      for (const { afterMs } of resumed) this.resumeMs.push(afterMs);
      const there = new Set([...runs.values()].flatMap(({ end }) => (end ? [...end.taken, ...(end.inbox ?? [])] : [])));
      for (const { what, dedupeId } of maybes) {
        this.maybes[what === 'start' ? 'starts' : 'events']++;
        if (what === 'start' ? runs.size > 0 : dedupeId !== undefined && there.has(dedupeId)) this.maybes.happened++;
      }
    }
    for (const run of runsOf(log)) {
      this.addRun(run);
      if (log.lost.length > 0) this.losses.steps += stepsLost(run);
    }
  }

  result(): Figures {
    const { machines, runs, attempts, acted, aborted, committedSteps, unordered, torn } = this.sum;
    const { steps, count, max } = this.claims;
    return {
      ...{ machines, runs, ends: this.ends, attempts, acted, aborted, committedSteps },
      attemptsPerStep: { mean: steps === 0 ? 0 : count / steps, max },
      duplicates: this.duplicates,
      unordered,
      resume: spread(this.resumeMs),
      ...{ faults: this.faults, maybes: this.maybes, losses: this.losses, torn },
    };
  }

  private addRun(run: RunLog): void {
    this.sum.runs++;
    const status = run.end?.status ?? 'gone';
    this.ends[status] = (this.ends[status] ?? 0) + 1;
    this.sum.attempts += run.attempts.length;
    this.sum.acted += run.acted.length;
    this.sum.aborted += run.aborted.length;
    this.sum.committedSteps += committed(run).length;
    const keys = new Set<string>();
    const fences = new Map<number, Set<number>>();
    for (const { key, steps, fence } of run.attempts) {
      keys.add(key);
      const known = fences.get(steps);
      if (known) known.add(fence);
      else fences.set(steps, new Set([fence]));
    }
    this.duplicates.actions += run.attempts.length - keys.size;
    for (const { size } of fences.values()) {
      this.claims.steps++;
      this.claims.count += size;
      this.claims.max = Math.max(this.claims.max, size);
    }
    for (const { sink, accepted, repeat, order } of run.effects) {
      if (!accepted) this.duplicates.refused++;
      else if (repeat) this.duplicates.repeats++;
      if (accepted && sink === 'fenced' && order === null) this.sum.unordered++;
    }
  }
}

/** Nearest rank. */
function spread(values: readonly number[]): Figures['resume'] {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}
