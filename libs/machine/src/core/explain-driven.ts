import type { JobSeen, MachineFacts } from './explain-facts';
import { inLine } from './explain-share';
import { clock, iso, plural, span } from './explain-words';
import type { Explanation } from './explanation';
import type { WorkerSeen } from './machines';
import type { MachineLease } from './model';

/** Workers say every two seconds that they are there: one that has missed two of them is dead, or hangs. */
export const SILENT_MS = 5000;

export function workersAlive({ workers }: Pick<MachineFacts, 'workers'>): readonly WorkerSeen[] {
  return workers.filter(({ lastSeenMs }) => lastSeenMs <= SILENT_MS);
}

function workersServing(facts: MachineFacts): readonly WorkerSeen[] {
  const { queue, partition } = facts;
  return workersAlive(facts).filter(
    ({ queues, partitions }) => queues.includes(queue) && (partitions?.includes(partition ?? 0) ?? true),
  );
}

export function isServed(facts: MachineFacts): boolean {
  return workersServing(facts).length > 0;
}

/** A machine whose lease somebody holds. */
export function explainRunning(facts: MachineFacts, { worker, fence, until }: MachineLease): Explanation {
  const { steps, retries, asked } = facts.view;
  const since = iso(begun(facts));
  const common = { since, worker, fence };
  if (!workersAlive(facts).some(({ name }) => name === worker)) {
    const seen = facts.workers.find(({ name }) => name === worker);
    const silent = seen ? `has said nothing for ${span(seen.lastSeenMs)}` : 'is not there any more';
    const left = span(Date.parse(until) - facts.now);
    const then = isServed(facts)
      ? 'another one goes on'
      : `nobody goes on: no other worker serves queue "${facts.queue}", start one`;
    const text = `lease held by ${worker} until ${clock(until)}, but that worker ${silent}; when it runs out, in ${left}, ${then}`;
    return { ...common, reason: 'leaseHeld', text, until };
  }
  const attempt = retries === 0 ? '' : `, retry ${retries}`;
  const stop = asked === null ? '' : `; it ${asked === 'pause' ? 'is paused' : 'is cancelled'} when the step ends`;
  const text = `running on worker ${worker} since ${clock(since)} (step ${steps}${attempt})${stop}`;
  return { ...common, reason: 'running', text, until: null };
}

/**
 * When the step in hand was begun, server ms. The record has no time of its claim: the last commit before it, the time it was due, and when
 * the job was taken (by the clock of the worker's host) are all before it, the latest of them just before.
 */
function begun({ now, due, view, job }: MachineFacts): number {
  return Math.min(now, Math.max(Date.parse(view.updatedAt), due, job?.takenAt ?? 0));
}

/** A machine that waits for a worker to take it up. */
export function explainDriven(facts: MachineFacts): Explanation {
  const { queue, now, due } = facts;
  const { machine, version, status, updatedAt } = facts.view;
  const definition = `${machine}@${version}`;
  const serving = workersServing(facts);
  const lost = status === 'running' ? `its worker ${facts.worker} has died or lost its lease` : '';
  if (serving.length === 0) return noWorker(facts, lost);
  const since = iso(Math.min(now, Math.max(Date.parse(updatedAt), due)));
  const common = { since, until: null, queue, definition };
  const lead = lost === '' ? '' : `${lost}; `;
  if (!serving.some((worker) => has(worker, machine, version))) {
    const text = `${lead}no worker has definition ${definition}, though ${namesOf(serving)} ${serving.length === 1 ? 'serves' : 'serve'} queue "${queue}"; deploy one that has it`;
    return { ...common, reason: 'noDefinition', text };
  }
  const { job, share } = facts;
  if (share && job?.state !== 'active') return { ...common, ...inLine(share, lead, since) };
  const text = `${lead}queued since ${clock(since)}: ${jobText(facts, job)}`;
  return { ...common, reason: 'queued', text, ...(job ? { jobs: job.jobs } : {}) };
}

/** @param lead what is to be done by a worker */
export function noWorker(facts: MachineFacts, lead: string): Explanation {
  const { queue, now, due } = facts;
  const { machine, version, updatedAt } = facts.view;
  const alive = workersAlive(facts);
  const others =
    alive.length === 0 ? 'there is none at all' : `${namesOf(alive)} ${alive.length === 1 ? 'serves' : 'serve'} others`;
  const what = alive.some(({ queues }) => queues.includes(queue)) ? `partition ${facts.partition ?? 0} of queue` : 'queue';
  const text = `${lead === '' ? '' : `${lead}; `}no worker serves ${what} "${queue}", ${others}; start one`;
  const since = iso(Math.min(now, Math.max(Date.parse(updatedAt), due)));
  return { reason: 'noWorker', text, since, until: null, queue, definition: `${machine}@${version}` };
}

function jobText({ queue, watched }: MachineFacts, job: JobSeen | undefined): string {
  if (job === undefined) return `its job is in queue "${queue}"`;
  if (job.paused) return `queue "${queue}" is paused; resume it on the page /queues`;
  switch (job.state) {
    case 'active':
      return 'a worker has just taken its job';
    case 'delayed':
      return 'a worker has put its job back for a moment, as it could not run it; it comes again by itself';
    case 'waiting':
      return `its job is one of ${plural(job.jobs, 'job')} that wait in queue "${queue}"; start more workers if that takes too long`;
    case 'missing':
      return watched
        ? 'its job is lost, a worker makes it anew within a minute'
        : 'its job is lost and nothing watches it; pause and resume it';
  }
}

/** A worker of the version before does not say what it runs: it may have anything. */
function has({ pid, definitions }: WorkerSeen, machine: string, version: number): boolean {
  return pid === null || definitions.some((definition) => definition.name === machine && definition.version === version);
}

/** Three of them at most. */
function namesOf(workers: readonly WorkerSeen[]): string {
  const names = workers.slice(0, 3).map(({ name }) => name);
  const more = workers.length - names.length;
  return more === 0 ? names.join(', ') : `${names.join(', ')} and ${more} more`;
}
