import type { HistoryItem } from '../core/model';
import type { Claim } from '../core/ports';
import type { MachineTimings } from '../core/timings';
import { plain } from './calm-log';
import type { EngineParts } from './engine-parts';
import { stepLine } from './step-line';
import type { Fate, StepSpan } from './tracing';

/**
 * Looks on at the attempts of one claim: times, a span and a line of the log for each. Times cost a tenth of a microsecond; the rest is made
 * only where somebody wants it.
 */
export class StepWatch {
  private readonly timings: MachineTimings;
  private span?: StepSpan;
  private claim?: Claim;

  constructor(
    private readonly parts: Pick<EngineParts, 'timings' | 'tracer' | 'logs' | 'log' | 'worker'>,
    { machine, version }: Claim,
  ) {
    this.timings = parts.timings.of(machine, version);
  }

  /** The first action of a job is about to begin. @param ms since the job was due */
  started(ms: number): void {
    this.timings.note('start', ms);
  }

  begin(claim: Claim): void {
    this.claim = claim;
    if (this.parts.tracer) this.span = this.parts.tracer.begin(claim, this.parts.worker);
  }

  /** For an attempt that is traced. */
  within<T>(run: () => T): T {
    return this.span ? this.span.within(run) : run();
  }

  get traceparent(): string | undefined {
    return this.span?.traceparent;
  }

  /** The store has answered. @param ms how long that took */
  answered(ms: number): void {
    this.timings.note('commit', ms);
  }

  committed(item: HistoryItem, stayed: boolean): void {
    const { claim } = this;
    this.timings.note('step', item.durationMs, item.to);
    // Both by the server's clock; after a failover to one whose clock is behind nothing is known.
    if (claim?.since !== undefined && !stayed && claim.now >= claim.since) {
      this.timings.note('dwell', claim.now - claim.since, claim.state);
    }
    this.end('committed', item);
  }

  /** Nothing when the attempt has ended already. */
  end(fate: Fate, item?: HistoryItem): void {
    const { claim, span, parts } = this;
    if (!claim) return;
    this.claim = undefined;
    this.span = undefined;
    span?.end(fate, item);
    if (!parts.logs.steps) return;
    const line = stepLine(claim, parts.worker, fate, item, parts.logs);
    const log = plain(parts.log);
    if (log.entry) log.entry('log', 'step', line);
    else log.log(`step ${JSON.stringify(line)}`);
  }
}
