import { itemsInRecord, parseItem } from '../../../libs/machine/src/redis/history-text';
import { agree, holds } from './disagreement';
import type { Snapshot } from './snapshot';
import { ELSEWHERE, type Machine, type World } from './world';

const CANCEL = { graceful: 'asked', cleanup: 'cleaning' } as const;

/** The machine as it is stored is the machine that the model has. */
export function compare(world: World, { id, model }: Machine, at: Snapshot): void {
  const record = at.hash(world.keys.record(id));
  const lease = at.hash(world.leaseKeys.lease(id));
  const whole = (text: string | undefined) => Number(text ?? 0);
  const real = {
    status: record.status,
    before: record.before,
    event: record.event,
    nonce: record.nonce ?? '',
    cancel: record.cancel === undefined ? undefined : CANCEL[record.cancel as keyof typeof CANCEL],
    pause: record.pause === '1',
    timer: record.timers !== undefined,
    foreign: record.server === ELSEWHERE,
    steps: whole(record.steps),
    retries: whole(record.retries),
    rev: whole(record.rev),
    fence: whole(record.fence),
    claims: whole(record.claims),
    counted: whole(record.inbox),
    inbox: at.list(world.keys.inbox(id)).map((text) => text.split(' ')[2]),
    notes: Object.keys(at.hash(world.keys.results(id))).sort(),
    lease: {
      counter: whole(lease.fence),
      holder: lease.nonce ?? '',
      live: !!lease.nonce && lease.until !== '1',
      foreign: lease.server === ELSEWHERE,
    },
  };
  const { status, before, event, nonce, cancel, pause, steps, retries, rev, fence, claims, inbox, foreign } = model;
  const { counter, holder, isLive: live, foreign: moved } = model.lease;
  const seen = { timer: model.timer !== 'none', counted: inbox.length, notes: [...model.notes].sort() };
  const plain = { status, before, event, nonce, cancel, pause, steps, retries, rev, fence, claims, inbox, foreign };
  agree(`what is kept of ${id}`, real, { ...plain, ...seen, lease: { counter, holder, live, foreign: moved } });
}

/** What must hold of any two moments that follow one another, whatever the model says. */
export function checkInvariants(world: World, machine: Machine, before: Snapshot, after: Snapshot): void {
  const { id, jobIds } = machine;
  const [was, is] = [before, after].map((at) => at.hash(world.keys.record(id))) as [Fields, Fields];
  holds('the fence never falls', Number(is.fence) >= Number(was.fence), [was.fence, is.fence]);
  const gone = Number(is.steps) - Number(was.steps);
  holds('steps rise by one at most', gone === 0 || gone === 1, [was.steps, is.steps]);
  holds(
    'rev and drive never fall',
    Number(is.rev ?? 0) >= Number(was.rev ?? 0) && Number(is.drive ?? 0) >= Number(was.drive ?? 0),
    [was, is],
  );

  const committed = [...itemsInRecord(is.history), ...after.list(world.keys.history(id))]
    .map(parseItem)
    .filter(({ outcome }) => outcome === 'committed');
  const numbers = committed.map(({ steps }) => steps);
  holds(
    'I1: history has each committed step once',
    numbers.every((n, i) => n === i) && numbers.length === Number(is.steps),
    numbers,
  );

  const jobId = (fields: Fields) => (hasJob(fields) ? `${fields.steps}.${fields.retries ?? 0}.${fields.drive ?? 0}` : undefined);
  const [old, now] = [jobId(was), jobId(is)];
  if (now === undefined) jobIds.add(old ?? '');
  else if (now !== old) {
    holds('J1: a machine comes to wait for a job under an id that no job has had', !jobIds.has(now), { now, jobIds });
    jobIds.add(now);
  }
  checkWatch(world, machine, is, after);
}

type Fields = Readonly<Record<string, string | undefined>>;
const hasJob = ({ status }: Fields) => status === 'queued' || status === 'delayed';

/** J2: whatever is to happen to a live machine, the watch looks at it by then. */
function checkWatch(world: World, { id }: Machine, record: Fields, at: Snapshot): void {
  const score = at.score(world.keys.watch(0), id);
  const { status, timers } = record;
  if (status === 'running' || hasJob(record)) holds(`J2: a ${status} machine is watched`, score !== undefined, record);
  if (status === 'waiting' && timers !== undefined) {
    holds('J2: a timer is watched', score !== undefined && score <= Number(/^\d+/.exec(timers)?.[0]), { score, timers });
  }
  const { nonce, until } = at.hash(world.leaseKeys.lease(id));
  if (world.kind === 'fused' && status === 'running' && nonce && until !== '1') {
    holds('J2: a lease is watched by its expiry', (score ?? Infinity) <= Number(until), { score, until });
  }
  const over = status === 'completed' || status === 'failed' || status === 'cancelled';
  const kept = at.score(world.keys.retention(0), id) !== undefined;
  holds('a machine is to be removed where it has ended, and only there', kept === over, { status, kept });
}
