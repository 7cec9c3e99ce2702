import * as fc from 'fast-check';
import type { Entry, EntryOf } from '../../log';
import type { CheckOptions } from '../violation';
import { LogBuilder, stateOf } from './log-builder';

/** How one claim of a step ends. */
type ClaimEnd = 'dies' | 'fails' | 'commits';

interface StepPlan {
  /** What the claims before the one that commits came to. */
  readonly before: readonly ('dies' | 'fails')[];
  readonly workers: readonly number[];
  /** How far the fence rises with each claim: 1, or a jump as after a failover. */
  readonly rise: number;
  /** The action of a claim that dies has reached its sinks. */
  readonly reached: boolean;
  /** A worker that was paused speaks when its successor has committed. */
  readonly late: boolean;
  readonly event: boolean;
  /** The machine fails for good, and an operator gives it all its retries again. */
  readonly retried: boolean;
  readonly paused: boolean;
}

export interface RunPlan {
  readonly steps: readonly StepPlan[];
  readonly waits: boolean;
  /** Commits at the end of the first half that a failover loses. 0: none */
  readonly lose: number;
}

export const OPTIONS: CheckOptions = {
  ends: { order: [{ status: 'completed' }], form: [{ status: 'waiting' }] },
  effects: ['a', 'b', 'c'].flatMap((state) =>
    ['order', 'form'].flatMap((machine) => [
      { machine, state, action: 'charge', sink: 'keyed' as const },
      { machine, state, action: 'mark', sink: 'fenced' as const },
    ]),
  ),
  allowedKeys: [/^stile:definitions$/],
};

const stepPlan: fc.Arbitrary<StepPlan> = fc.record({
  before: fc.array(fc.constantFrom('dies' as const, 'fails' as const), { maxLength: 2 }),
  workers: fc.array(fc.nat(3), { minLength: 3, maxLength: 3 }),
  rise: fc.constantFrom(1, 1, 1, 2, 1e12),
  reached: fc.boolean(),
  late: fc.boolean(),
  event: fc.boolean(),
  retried: fc.boolean(),
  paused: fc.boolean(),
});

export const runPlans = (lose: fc.Arbitrary<number> = fc.constant(0)): fc.Arbitrary<RunPlan[]> =>
  fc.array(fc.record({ steps: fc.array(stepPlan, { minLength: 3, maxLength: 5 }), waits: fc.boolean(), lose }), {
    minLength: 1,
    maxLength: 2,
  });

/** Entries that a correct Stile could have left. */
export function writeLog(plans: readonly RunPlan[]): Entry[] {
  const builder = new LogBuilder();
  plans.forEach((plan, i) => new RunWriter(builder, plan, `c.${i}`, `r${i}`).write());
  builder.add({ kind: 'key', key: 'stile:definitions' });
  return builder.entries;
}

type Item = Omit<EntryOf<'history'>, 'kind' | 'at' | 'source' | 'seq' | 'index' | 'correlationId' | 'runId'>;

interface Committed {
  readonly history: readonly Item[];
  readonly state: string;
  readonly taken: readonly string[];
}

class RunWriter {
  private readonly machine: string;
  private readonly history: Item[] = [];
  private readonly taken: string[] = [];
  private readonly charged = new Set<string>();
  private state = 'pseudo_init';
  private steps = 0;
  private retries = 0;
  private fence = 0;
  private order = 0;
  private mark = 0;
  private events = 0;
  /** The record behind each step. */
  private readonly saved: Committed[] = [];

  constructor(
    private readonly builder: LogBuilder,
    private readonly plan: RunPlan,
    private readonly correlationId: string,
    private readonly runId: string,
  ) {
    this.machine = plan.waits ? 'form' : 'order';
  }

  write(): void {
    const { builder, plan, correlationId, runId, machine } = this;
    builder.started({ correlationId, runId, machine });
    this.save();
    const half = Math.ceil(plan.steps.length / 2);
    plan.steps.forEach((step, i) => {
      this.step(step);
      if (i === half - 1 && plan.lose > 0) this.failover(Math.min(plan.lose, half));
    });
    this.history.forEach((item, index) => builder.history({ correlationId, runId, index, ...item }));
    const { steps, fence, state, taken } = this;
    const status = plan.waits ? 'waiting' : 'completed';
    builder.end({ correlationId, runId, machine, status, steps, fence, state, taken: [...taken], live: plan.waits });
    if (plan.waits) builder.add({ kind: 'key', key: `{stile:0}:m:${correlationId}` });
  }

  private step(plan: StepPlan): void {
    const event = plan.event ? this.send() : undefined;
    const ends: ClaimEnd[] = [...plan.before, 'commits'];
    let paused: EntryOf<'attempt'>[] = [];
    ends.forEach((end, i) => {
      const attempts = this.claim(plan, plan.workers[i]!, end, event);
      if (end === 'dies') paused = attempts;
      if (end === 'fails' && plan.retried) {
        this.operator('retried');
        this.retries = 0;
      }
    });
    if (plan.paused) {
      this.operator('paused');
      this.operator('resumed');
    }
    if (!plan.late) return;
    for (const attempt of paused) this.sink(attempt);
  }

  private claim(plan: StepPlan, worker: number, end: ClaimEnd, event: string | undefined): EntryOf<'attempt'>[] {
    const { correlationId, runId, machine, steps, retries } = this;
    const fence = (this.fence += plan.rise);
    const to = stateOf(steps);
    const place = { correlationId, runId, machine, steps, retries, fence, state: to, worker: `worker.${worker}` };
    const attempts = ['charge', 'mark'].map((action) => this.builder.attempt({ ...place, action }));
    if (event !== undefined)
      this.builder.add({ kind: 'taken', correlationId, runId, steps, retries, fence, dedupeId: event }, place.worker);
    if (end !== 'dies' || plan.reached) attempts.forEach((attempt) => this.sink(attempt));
    if (end === 'dies') return attempts;
    const outcome = end === 'commits' ? 'committed' : 'failed';
    const code = end === 'commits' ? null : 'Error';
    const startedAt = new Date(0).toISOString();
    this.history.push({ steps, retries, fence, from: this.state, event: 'next', to, outcome, code, startedAt, worker: 'w' });
    if (end === 'fails') this.retries++;
    else {
      if (event !== undefined) this.taken.push(event);
      Object.assign(this, { state: to, steps: steps + 1, retries: 0 });
      this.save();
    }
    return attempts;
  }

  /** The keyed sink knows keys, the fenced one the highest fence, and the last write under it. */
  private sink(attempt: EntryOf<'attempt'>): void {
    const { key, fence, action } = attempt;
    if (action === 'charge') {
      this.builder.effect(attempt, { repeat: this.charged.has(key) });
      this.charged.add(key);
      return;
    }
    const accepted = fence >= this.mark;
    const repeat = fence === this.mark;
    this.mark = Math.max(this.mark, fence);
    this.builder.effect(attempt, { sink: 'fenced', accepted, repeat, order: accepted && !repeat ? ++this.order : null });
  }

  private send(): string {
    const number = this.events++;
    const dedupeId = `e${number}`;
    const { correlationId } = this;
    this.builder.sent(dedupeId, number, { correlationId, sender: `s${number % 2}` });
    return dedupeId;
  }

  private operator(outcome: 'retried' | 'paused' | 'resumed'): void {
    const { steps, retries, fence, state } = this;
    const item = { steps, retries, fence, from: state, event: 'next', to: state, outcome, code: null, worker: '' };
    this.history.push({ ...item, startedAt: new Date(0).toISOString() });
  }

  private save(): void {
    this.saved.push({ history: [...this.history], state: this.state, taken: [...this.taken] });
  }

  private failover(lost: number): void {
    const { builder, steps } = this;
    builder.add({ kind: 'lost', until: builder.entries.length });
    const { history, state, taken } = this.saved[steps - lost]!;
    this.saved.length = steps - lost + 1;
    this.history.splice(0, Infinity, ...history);
    this.taken.splice(0, Infinity, ...taken);
    Object.assign(this, { steps: steps - lost, retries: 0, state, fence: this.fence + 1e12 });
  }
}
