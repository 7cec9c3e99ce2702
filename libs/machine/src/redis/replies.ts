import type { Change, Claim, ClaimResult, CommitResult, FailResult, Refused } from '../core/machine-store';
import type { DueJob, Job } from '../core/ports';
import type { Reply } from './scripts';

/** The tail that `record_job` writes: steps, retries, drive, machine, version, queue, delay. */
export function readJob(correlationId: string, tail: readonly (string | undefined)[]): DueJob | undefined {
  const [steps, retries, drive, machine, version, queue, delay] = tail;
  if (machine === undefined || queue === undefined) return undefined;
  return {
    correlationId,
    steps: Number(steps),
    retries: Number(retries),
    drive: Number(drive),
    machine,
    version: Number(version),
    queue,
    delayMs: Number(delay),
  };
}

/** The reply that `claim_reply` writes: fence, until, now, claims, state, event, context, run, max, steps, retries, drive. */
export function readClaim(job: Job, nonce: string, sentAt: number, reply: Reply): Claim {
  const [, fence, , now, claims, state, event, context, run, max, steps, retries, drive] = reply;
  return {
    job: { ...job, drive: Number(drive) },
    correlationId: job.correlationId,
    nonce,
    fence: Number(fence),
    sentAt,
    now: Number(now),
    claims: Number(claims),
    machine: job.machine,
    version: job.version,
    queue: job.queue,
    runId: run ?? '',
    state: state ?? '',
    event: event ?? '',
    context: context ?? '',
    maxRetries: Number(max),
    steps: Number(steps),
    retries: Number(retries),
  };
}

/** Everything that `claim_refusal` says. */
export function readRefusal(correlationId: string, reply: Reply): ClaimResult {
  const [outcome, ...rest] = reply;
  switch (outcome) {
    case 'early':
      return { outcome, delayMs: Number(rest[0]) };
    case 'duplicate':
    case 'future':
      return { outcome, redrive: readJob(correlationId, rest) };
    case 'garbage':
      return { outcome, reason: rest[0] ?? '' };
    case 'missing':
    case 'stale':
      return { outcome };
    default:
      throw new Error(`a script answered "${outcome}", which this version does not know`);
  }
}

function readRefused(reply: Reply): Refused {
  const [outcome, reason] = reply;
  if (outcome === 'garbage') return { outcome, reason: reason ?? '' };
  if (outcome === 'stale' || outcome === 'missing') return { outcome };
  throw new Error(`a script answered "${outcome}", which this version does not know`);
}

function nextJob(claim: Claim, steps: number, retries: number, drive: number, delayMs: number): DueJob {
  const { correlationId, machine, version, queue } = claim;
  return { correlationId, steps, retries, drive, machine, version, queue, delayMs };
}

/** The claim that goes on with the next step. Written out: a spread of so many fields took 13 µs, this takes less than one. */
export function nextClaim(claim: Claim, change: Committed, fence: number, sentAt: number, now: number): Claim {
  const steps = claim.steps + 1;
  return {
    job: nextJob(claim, steps, 0, claim.job.drive, 0),
    correlationId: claim.correlationId,
    nonce: claim.nonce,
    fence,
    sentAt,
    now,
    claims: 1,
    machine: claim.machine,
    version: claim.version,
    queue: claim.queue,
    runId: claim.runId,
    state: change.state,
    event: change.event,
    context: change.context,
    maxRetries: claim.maxRetries,
    steps,
    retries: 0,
  };
}

type Committed = Pick<Change, 'state' | 'event' | 'context' | 'delayMs'>;

/**
 * @param sentAt monotonic ms at which the commit was sent
 * @param change what was asked for: state, event and context of the claim that goes on
 */
export function readCommit(claim: Claim, change: Committed, sentAt: number, reply: Reply): CommitResult {
  if (reply[0] !== 'committed') return readRefused(reply);
  const [, next, fence, , now, drive] = reply;
  if (next === 'continue') {
    return { outcome: 'committed', next, claim: nextClaim(claim, change, Number(fence), sentAt, Number(now)) };
  }
  const steps = claim.steps + 1;
  if (next === 'queued' || next === 'delayed') {
    const delayMs = next === 'delayed' ? change.delayMs : 0;
    return { outcome: 'committed', next, job: nextJob(claim, steps, 0, Number(drive), delayMs) };
  }
  // A repeat may find that the machine has gone further since: it rests, as far as this worker is concerned.
  return { outcome: 'committed', next: next === 'waiting' ? 'waiting' : 'completed' };
}

export function readFail(claim: Claim, delayMs: number, reply: Reply): FailResult {
  if (reply[0] !== 'failed') return readRefused(reply);
  const [, next, drive] = reply;
  if (next === 'failed') return { outcome: 'failed', next };
  return {
    outcome: 'failed',
    next: 'retry',
    job: nextJob(claim, claim.steps, claim.retries + 1, Number(drive), delayMs),
  };
}
