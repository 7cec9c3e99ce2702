import { runsOf, type RunLog } from '../log';
import { byFence, committed, isTail, ofWorker, range, type HistoryEntry } from './run-parts';
import { violation, type Invariant, type Violation } from './violation';

/**
 * I1: the committed steps of a machine are gap-free and each is committed once; each goes on in the state that the one before led to,
 * with the retry that follows; the record stands behind the last one.
 *
 * Fences order the claims, so an attempt at a lower step under a higher fence says that a committed step was lost, even where the
 * history that remains has no gap. That is a violation, unless a `lost` entry says that the store lost its tail: then it is a figure
 * (see `stepsLost`), and only the history that remains is held to the above.
 */
export const gapFree: Invariant = (log, { historyLimit } = {}) => {
  const found: Violation[] = [];
  for (const run of runsOf(log)) {
    const tail = isTail(run, historyLimit);
    found.push(...inHistory(run, tail), ...atTheEnd(run, tail));
    if (log.lost.length === 0) found.push(...inAttempts(run, tail));
  }
  return found;
};

function* inHistory(run: RunLog, tail: boolean): Generator<Violation> {
  const seen = new Map<number, HistoryEntry>();
  let before: HistoryEntry | undefined; // the last commit
  let failure: HistoryEntry | undefined; // the last failed attempt since
  let steered = false; // an operator may have given the step all its retries again
  const bad = (text: string, ...items: (HistoryEntry | undefined)[]): Violation =>
    violation('I1', run.correlationId, `run ${run.runId}: ${text}`, ...items);

  for (const item of run.history) {
    if (!ofWorker(item)) {
      steered = true;
      continue;
    }
    const { steps, retries, from, outcome } = item;
    const next = before ? before.steps + 1 : tail ? undefined : 0;
    const twice = outcome === 'committed' ? seen.get(steps) : undefined;
    if (twice) yield bad(`step ${steps} is committed twice, under fences ${twice.fence} and ${item.fence}`, twice, item);
    else if (next !== undefined && steps > next)
      yield bad(`${range(next, steps - 1)} missing before step ${steps}`, before, item);
    else if (next !== undefined && steps < next) yield bad(`step ${steps} is ${outcome} after step ${next - 1}`, before, item);
    else if (before && from !== before.to) {
      yield bad(`step ${steps} goes on in state "${from}", but step ${before.steps} led to "${before.to}"`, before, item);
    } else {
      const expected = failure ? failure.retries + 1 : tail && !before ? retries : 0;
      if (retries !== expected && !(steered && retries === 0)) {
        yield bad(`step ${steps} is ${outcome} at retry ${retries}, though its next retry was ${expected}`, failure, item);
      }
    }
    failure = outcome === 'failed' ? item : undefined;
    steered = false;
    if (outcome === 'committed') {
      before = item;
      seen.set(steps, item);
    }
  }
}

function* atTheEnd(run: RunLog, tail: boolean): Generator<Violation> {
  const { end } = run;
  if (!end) return;
  const last = committed(run).at(-1);
  if (!last && tail) return;
  const steps = last ? last.steps + 1 : 0;
  if (end.steps !== steps) {
    const text = `run ${run.runId}: the record has ${end.steps} steps, its history ${steps}`;
    yield violation('I1', run.correlationId, text, last, end);
  } else if (last && end.state !== last.to) {
    const text = `run ${run.runId}: the record is in state "${end.state}", its last step ${last.steps} led to "${last.to}"`;
    yield violation('I1', run.correlationId, text, last, end);
  }
}

function* inAttempts(run: RunLog, tail: boolean): Generator<Violation> {
  const { end } = run;
  const bad = (text: string, ...entries: Parameters<typeof violation>[3][]): Violation =>
    violation('I1', run.correlationId, `run ${run.runId}: ${text}`, ...entries);
  const steered = new Set(run.history.filter((item) => !ofWorker(item)).map(({ steps }) => steps));
  let before;
  for (const attempt of byFence(run.attempts)) {
    const { steps, retries, fence } = attempt;
    if (before && before.fence !== fence) {
      const then = `step ${before.steps}, retry ${before.retries} under fence ${before.fence}`;
      if (steps < before.steps)
        yield bad(`step ${steps} ran under fence ${fence}, after ${then}: a commit was lost`, before, attempt);
      else if (steps === before.steps && retries < before.retries && end && !tail && !steered.has(steps)) {
        yield bad(`step ${steps}, retry ${retries} ran under fence ${fence}, after ${then}: a failure was lost`, before, attempt);
      }
    }
    before = attempt;
  }
  if (!before || !end) return;
  // A machine that is cancelled while a step runs ends without it.
  const over = end.status === 'completed' ? end.steps - 1 : end.steps;
  if (before.steps > over) {
    yield bad(`step ${before.steps} ran, but the record is ${end.status} with ${end.steps} steps`, before, end);
  }
}

/**
 * Commits that were lost with the store's tail, by what ran: where a later claim (a higher fence) works at a lower step than an
 * earlier one, the steps between were committed and are gone. What no attempt shows is not counted.
 */
export function stepsLost(run: RunLog): number {
  let lost = 0;
  let before = 0;
  for (const { steps } of byFence(run.attempts)) {
    lost += Math.max(0, before - steps);
    before = steps;
  }
  return lost + (run.end ? Math.max(0, before - run.end.steps) : 0);
}
