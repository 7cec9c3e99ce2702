import { runsOf, type RunLog } from '../log';
import { group, ofWorker, type AttemptEntry, type HistoryEntry } from './run-parts';
import { violation, type Invariant, type Violation } from './violation';

/**
 * I2: no commit (nor fail) under a fence that is not higher than the one before it, and no fence issued twice. All actions of one
 * attempt share its fence: other entries with that fence must be of the same step, retry and process, and no action may begin twice
 * under it. Holds across failovers with lost tails, so `lost` entries excuse nothing here.
 *
 * A fence is compared within one run only: a machine that is started again under an old id has new counters.
 */
export const fences: Invariant = (log) => {
  const found: Violation[] = [];
  for (const run of runsOf(log)) found.push(...falls(run), ...issuedTwice(run));
  return found;
};

function bad(run: RunLog, text: string, ...entries: Parameters<typeof violation>[3][]): Violation {
  return violation('I2', run.correlationId, `run ${run.runId}: ${text}`, ...entries);
}

function* falls(run: RunLog): Generator<Violation> {
  let before: HistoryEntry | undefined;
  for (const item of run.history) {
    if (!ofWorker(item)) continue;
    const { fence, outcome, steps } = item;
    if (!isToken(fence)) yield bad(run, `step ${steps} is ${outcome} under fence ${fence}, which is no token`, item);
    else if (before && fence <= before.fence) {
      const then = `step ${before.steps} was ${before.outcome} under fence ${before.fence}`;
      yield bad(run, `step ${steps} is ${outcome} under fence ${fence}, after ${then}`, before, item);
    }
    if (!before || fence > before.fence) before = item;
  }
  const { end } = run;
  if (before && end && end.fence < before.fence) {
    const then = `step ${before.steps} was ${before.outcome} under fence ${before.fence}`;
    yield bad(run, `the record has fence ${end.fence}, though ${then}`, before, end);
  }
}

function* issuedTwice(run: RunLog): Generator<Violation> {
  const items = group(run.history.filter(ofWorker), ({ fence }) => fence);
  for (const [fence, attempts] of group(run.attempts, (attempt) => attempt.fence)) {
    const [first] = attempts as [AttemptEntry];
    if (!isToken(fence)) {
      yield bad(run, `step ${first.steps} ran under fence ${fence}, which is no token`, first);
      continue;
    }
    const other = attempts.find((attempt) => !sameStep(attempt, first) || attempt.worker !== first.worker);
    if (other) {
      yield bad(run, `fence ${fence} was issued twice: to ${who(first)} and to ${who(other)}`, first, other);
      continue;
    }
    const again = secondOf(attempts);
    if (again) {
      const text = `fence ${fence} was issued twice, or its step ran twice: ${again[0].key} began twice under it in ${first.worker}`;
      yield bad(run, text, ...again);
    }
    const item = items.get(fence)?.find((known) => !sameStep(known, first));
    if (item) {
      const text = `fence ${fence} ran ${stepOf(first)}, but the history has ${stepOf(item)} ${item.outcome} under it`;
      yield bad(run, text, first, item);
    }
  }
}

/** L6 */
function isToken(fence: number): boolean {
  return Number.isSafeInteger(fence) && fence >= 1;
}

interface AtStep {
  readonly steps: number;
  readonly retries: number;
}

function sameStep(a: AtStep, b: AtStep): boolean {
  return a.steps === b.steps && a.retries === b.retries;
}

function stepOf({ steps, retries }: AtStep): string {
  return `step ${steps}, retry ${retries}`;
}

function who(attempt: AttemptEntry): string {
  return `${attempt.worker} (${stepOf(attempt)})`;
}

function secondOf(attempts: readonly AttemptEntry[]): [AttemptEntry, AttemptEntry] | undefined {
  const seen = new Map<string, AttemptEntry>();
  for (const attempt of attempts) {
    const first = seen.get(attempt.key);
    if (first) return [first, attempt];
    seen.set(attempt.key, attempt);
  }
  return undefined;
}
