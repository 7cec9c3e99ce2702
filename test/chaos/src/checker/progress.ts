import { runsOf, type EntryOf } from '../log';
import { violation, type ExpectedEnd, type Invariant, type Violation } from './violation';

const COMPLETED: readonly ExpectedEnd[] = [{ status: 'completed' }];

/**
 * I3: once faults have stopped, every machine makes progress: at the end none is live that should have ended, and none has failed that
 * was not meant to (a fault must fail no machine). `options.ends` says by machine name what is meant, e.g. `waiting` for one that
 * nobody sends its event.
 */
export const progress: Invariant = (log, { ends = {} } = {}) => {
  const found: Violation[] = [];
  for (const { correlationId, runId, end } of runsOf(log)) {
    if (!end) continue; // a machine that is gone: I5
    const expected = ends[end.machine] ?? COMPLETED;
    if (expected.some((meant) => fits(end, meant))) continue;
    const meant = expected.map(describe).join(' or ');
    const text = `run ${runId} of ${end.machine} ${whatItDid(end)}; expected: ${meant}`;
    found.push(violation('I3', correlationId, text, end));
  }
  return found;
};

function fits(end: EntryOf<'end'>, { status, state, code }: ExpectedEnd): boolean {
  return end.status === status && (state === undefined || end.state === state) && (code === undefined || end.code === code);
}

function whatItDid({ live, status, state, steps, retries, code }: EntryOf<'end'>): string {
  const where = `in state "${state}" at step ${steps}, retry ${retries}`;
  if (live) return `is still live: ${status} ${where}`;
  return `has ${status === 'cancelled' ? 'been cancelled' : status}${code === null ? '' : ` with ${code}`} ${where}`;
}

function describe({ status, state, code }: ExpectedEnd): string {
  return status + (code === undefined ? '' : ` with ${code}`) + (state === undefined ? '' : ` in state "${state}"`);
}
