import fc from 'fast-check';
import { explain } from './explain';
import type { MachineFacts } from './explain-facts';
import { SILENT_MS } from './explain-driven';
import { REASONS, type Explanation } from './explanation';
import type { WorkerSeen } from './machines';
import { HISTORY_OUTCOMES, STATUSES, type MachineView } from './model';

const NOW = Date.parse('2026-01-31T03:00:00.000Z');
const at = (ms: number): string => new Date(NOW + ms).toISOString();

const worker = (over: Partial<WorkerSeen> = {}): WorkerSeen => ({
  name: 'w1',
  queues: ['machines'],
  active: 0,
  lastSeenMs: 900,
  lastJobMs: null,
  lagMs: 0,
  host: 'h',
  pid: 7,
  startedAt: at(-100_000),
  concurrency: 50,
  partitions: null,
  definitions: [{ name: 'order', version: 2 }],
  ...over,
});

const view = (over: Partial<MachineView> = {}): MachineView => ({
  correlationId: 'o-1',
  machine: 'order',
  version: 2,
  runId: 'r',
  status: 'queued',
  state: 'charge',
  event: 'paid',
  steps: 3,
  retries: 0,
  maxRetries: 5,
  fence: 4,
  context: {},
  tags: {},
  createdAt: at(-60_000),
  updatedAt: at(-10_000),
  finishedAt: null,
  error: null,
  revision: '3.0.0',
  inbox: 0,
  timers: [],
  deadlineAt: null,
  asked: null,
  heldBy: null,
  parent: null,
  children: 0,
  heartbeat: null,
  lease: null,
  replayOf: null,
  unreadable: null,
  ...over,
});

type Given = Omit<Partial<MachineFacts>, 'view'> & { readonly view?: Partial<MachineView> };

const facts = ({ view: given, ...over }: Given = {}): MachineFacts => ({
  now: NOW,
  view: view(given),
  queue: 'machines',
  drive: 0,
  rev: 0,
  worker: 'w1',
  due: 0,
  takes: [],
  groups: [],
  watched: true,
  tail: [],
  maxRetries: 5,
  workers: [worker()],
  ...over,
});

const committed = { outcome: 'committed', to: 'charge', startedAt: at(-9000), durationMs: 1000 } as const;
const act = { to: 'charge', startedAt: at(-7000), durationMs: 0, by: 'ada', why: 'wrong amount' };
const job = { state: 'waiting', jobs: 12, paused: false } as const;
const bank = { code: 'BANK_DOWN', message: 'the bank is down', stack: 'not for here' };
const lease = { worker: 'w1', fence: 4, until: at(8000) };
const children = { group: 'parcels-0-0', events: ['all'], total: 5, ended: 2 };

const line = { name: 'tenant:acme', inUse: 10, concurrency: 10, perSecond: 0, before: 3 };

const TABLE: readonly (readonly [name: string, given: Given, expected: Partial<Explanation>])[] = [
  [
    'running, since its job was taken',
    { view: { status: 'running', lease }, job: { ...job, state: 'active', takenAt: NOW - 4000 } },
    {
      reason: 'running',
      text: 'running on worker w1 since 2026-01-31T02:59:56Z (step 3)',
      since: at(-4000),
      until: null,
      worker: 'w1',
      fence: 4,
    },
  ],
  [
    'running, since the last commit where it goes on under one claim',
    { view: { status: 'running', lease, retries: 2, asked: 'cancel' } },
    { text: 'running on worker w1 since 2026-01-31T02:59:50Z (step 3, retry 2); it is cancelled when the step ends' },
  ],
  [
    'running, never since a time to come: hosts have clocks of their own',
    { view: { status: 'running', lease }, job: { ...job, state: 'active', takenAt: NOW + 5000 } },
    { since: at(0) },
  ],
  [
    'in line for a slot',
    { share: line, job: { ...job, state: 'delayed' } },
    {
      reason: 'limited',
      text:
        'queued since 2026-01-31T02:59:50Z: waits for a slot of tenant acme: 10 of 10 in use, 3 machines before it; ' +
        'raise the limits of tenant:acme if that takes too long',
      ...{ limit: 'tenant:acme', slots: 10, slotsInUse: 10, before: 3 },
    },
  ],
  [
    'in line for its turn of a rate',
    { share: { name: 'all', inUse: 0, concurrency: 0, perSecond: 0.1, before: 0 }, job: { ...job, state: 'delayed' } },
    {
      reason: 'limited',
      text:
        'queued since 2026-01-31T02:59:50Z: waits for its turn of all machines, of which 6 a minute are taken up, it is next; ' +
        'raise the limits of all if that takes too long',
    },
  ],
  [
    'its worker has said nothing for long',
    { view: { status: 'running', lease }, workers: [worker({ lastSeenMs: SILENT_MS + 1200 }), worker({ name: 'w2' })] },
    {
      reason: 'leaseHeld',
      text: 'lease held by w1 until 2026-01-31T03:00:08Z, but that worker has said nothing for 6 s; when it runs out, in 8 s, another one goes on',
      until: at(8000),
    },
  ],
  [
    'its worker has gone, and it was the only one',
    { view: { status: 'running', lease }, workers: [] },
    {
      reason: 'leaseHeld',
      text: 'lease held by w1 until 2026-01-31T03:00:08Z, but that worker is not there any more; when it runs out, in 8 s, nobody goes on: no other worker serves queue "machines", start one',
    },
  ],
  [
    'its lease has run out',
    { view: { status: 'running' }, job: { ...job, state: 'missing' } },
    {
      reason: 'queued',
      text: 'its worker w1 has died or lost its lease; queued since 2026-01-31T02:59:50Z: its job is lost, a worker makes it anew within a minute',
    },
  ],
  [
    'its lease has run out and nobody is left',
    { view: { status: 'running' }, workers: [] },
    {
      reason: 'noWorker',
      text: 'its worker w1 has died or lost its lease; no worker serves queue "machines", there is none at all; start one',
    },
  ],
  [
    'a job among others',
    { job },
    {
      reason: 'queued',
      text: 'queued since 2026-01-31T02:59:50Z: its job is one of 12 jobs that wait in queue "machines"; start more workers if that takes too long',
      since: at(-10_000),
      queue: 'machines',
      jobs: 12,
    },
  ],
  [
    'a job in hand',
    { job: { ...job, state: 'active' } },
    { reason: 'queued', text: expect.stringContaining('just taken') as string },
  ],
  ['a job put back', { job: { ...job, state: 'delayed' } }, { text: expect.stringContaining('put its job back') as string }],
  [
    'a queue that was paused',
    { job: { ...job, paused: true } },
    { reason: 'queued', text: expect.stringContaining('/queues') as string },
  ],
  [
    'nothing that would ever move it',
    { job: { ...job, state: 'missing' }, watched: false },
    { reason: 'queued', text: expect.stringContaining('pause and resume it') as string },
  ],
  [
    'a queue that nobody serves',
    { queue: 'slow' },
    {
      reason: 'noWorker',
      text: 'no worker serves queue "slow", w1 serves others; start one',
      queue: 'slow',
      definition: 'order@2',
    },
  ],
  ['workers that are silent serve nothing', { workers: [worker({ lastSeenMs: SILENT_MS + 1 })] }, { reason: 'noWorker' }],
  [
    'a definition that nobody has',
    { workers: ['a', 'b', 'c', 'd'].map((name) => worker({ name, definitions: [{ name: 'order', version: 1 }] })) },
    {
      reason: 'noDefinition',
      text: 'no worker has definition order@2, though a, b, c and 1 more serve queue "machines"; deploy one that has it',
      definition: 'order@2',
    },
  ],
  [
    'an old worker, which does not say what it has',
    { workers: [worker({ pid: null, definitions: [] })], job },
    { reason: 'queued' },
  ],
  [
    'a retry to come',
    { view: { status: 'delayed', retries: 3, error: bank }, due: NOW + 12_000, tail: [{ ...committed, outcome: 'failed' }] },
    {
      reason: 'retrying',
      text: 'retry 3 of 5 in 12 s after "the bank is down"',
      since: at(-8000),
      until: at(12_000),
      retry: 3,
      maxRetries: 5,
      error: { code: 'BANK_DOWN', message: 'the bank is down' },
    },
  ],
  [
    'a retry to come, where nobody will make it',
    { view: { status: 'delayed', retries: 3, error: bank }, due: NOW + 12_000, workers: [] },
    { reason: 'retrying', text: expect.stringContaining('no worker serves queue "machines": start one') as string },
  ],
  ['a retry that is due', { view: { status: 'delayed', retries: 3 }, due: NOW, job }, { reason: 'queued' }],
  [
    'a start to come',
    { view: { status: 'delayed', steps: 0 }, due: NOW + 7_500_000 },
    { reason: 'delayed', text: 'starts at 2026-01-31T05:05:00Z, in 2 h 5 min', since: at(-60_000), until: at(7_500_000) },
  ],
  [
    'a delay that a step has asked for',
    { view: { status: 'delayed' }, due: NOW + 300, tail: [committed] },
    { reason: 'delayed', text: 'delayed by its own step until 2026-01-31T03:00:00Z, in 0.3 s', since: at(-8000) },
  ],
  [
    'events to come',
    { view: { status: 'waiting', inbox: 2 }, takes: ['paid', 'refused'], tail: [committed] },
    {
      reason: 'waiting',
      text: 'waits for events paid, refused; 2 events in its inbox are for a later state',
      since: at(-8000),
      until: null,
      events: ['paid', 'refused'],
      inbox: 2,
    },
  ],
  [
    'an event or a timer',
    {
      view: { status: 'waiting', timers: [{ event: 'expire', at: at(12_000) }], deadlineAt: at(9000) },
      takes: ['paid', 'expire'],
    },
    {
      reason: 'waiting',
      text: 'waits for event paid; or timer "expire" due at 2026-01-31T03:00:12Z, in 12 s; its deadline is 2026-01-31T03:00:09Z',
      until: at(9000),
      timer: 'expire',
      events: ['paid'],
    },
  ],
  [
    'a timer',
    { view: { status: 'waiting', timers: [{ event: 'expire', at: at(200_000) }] }, takes: ['expire'] },
    { reason: 'timer', text: 'timer "expire" due at 2026-01-31T03:03:20Z, in 3 min 20 s', until: at(200_000) },
  ],
  [
    'a timer that is overdue, with a worker to see to it',
    { view: { status: 'waiting', timers: [{ event: 'expire', at: at(-6000) }] }, takes: ['expire'] },
    { reason: 'timer', text: 'timer "expire" due since 2026-01-31T02:59:54Z' },
  ],
  [
    'a timer that is overdue, with nobody to see to it',
    { view: { status: 'waiting', timers: [{ event: 'expire', at: at(-6000) }] }, takes: ['expire'], workers: [] },
    {
      reason: 'noWorker',
      text: 'timer "expire" was due at 2026-01-31T02:59:54Z; no worker serves queue "machines", there is none at all; start one',
    },
  ],
  [
    'children',
    { view: { status: 'waiting' }, takes: ['all', 'stop'], groups: [{ ...children, group: 'other', events: ['x'] }, children] },
    {
      reason: 'children',
      text: 'waits for children: 2 of 5 have ended (group parcels-0-0); or waits for event stop',
      group: 'parcels-0-0',
      children: 5,
      childrenEnded: 2,
    },
  ],
  [
    'children whose result the state does not take',
    { view: { status: 'waiting' }, takes: ['stop'], groups: [children] },
    { reason: 'waiting', text: 'waits for event stop' },
  ],
  [
    'nothing at all',
    { view: { status: 'waiting' } },
    { reason: 'waiting', text: 'waits in a state that no event leads out of: move or cancel it' },
  ],
  [
    'an operator',
    {
      view: { status: 'paused' },
      tail: [
        { ...act, outcome: 'paused' },
        { ...act, outcome: 'edited', by: 'bob' },
      ],
    },
    {
      reason: 'paused',
      text: 'paused by ada since 2026-01-31T02:59:53Z: wrong amount; resume it when it may go on',
      since: at(-7000),
      by: 'ada',
      why: 'wrong amount',
    },
  ],
  [
    'an operator who has said nothing',
    { view: { status: 'paused' } },
    { reason: 'paused', text: 'paused since 2026-01-31T02:59:50Z; resume it when it may go on' },
  ],
  [
    'a hold',
    {
      view: { status: 'paused', heldBy: 'order/charge' },
      hold: {
        name: 'order/charge',
        machine: 'order',
        state: 'charge',
        since: at(-90_000),
        held: 3,
        by: 'ada',
        why: 'the bank is down',
      },
    },
    {
      reason: 'held',
      text: 'held by order/charge since 2026-01-31T02:58:30Z, put by ada: the bank is down; take the hold off when it may go on',
      hold: 'order/charge',
      since: at(-90_000),
    },
  ],
  [
    'a hold that was taken off',
    { view: { status: 'paused', heldBy: 'order/charge' } },
    { reason: 'held', text: 'held by order/charge, which has been taken off: a worker lets it go within seconds' },
  ],
  [
    'a hold that was taken off, with nobody to let it go',
    { view: { status: 'paused', heldBy: 'order/charge' }, workers: [] },
    { reason: 'held', text: 'held by order/charge, which has been taken off: start a worker, which lets it go' },
  ],
  [
    'its end',
    { view: { status: 'completed', finishedAt: at(-1000) } },
    { reason: 'completed', text: 'completed in state "charge"', since: at(-1000) },
  ],
  [
    'its failure',
    { view: { status: 'failed', finishedAt: at(-1000), error: bank }, tail: [{ ...committed, outcome: 'failed', to: 'ship' }] },
    {
      reason: 'failed',
      text: 'failed in state "ship" with BANK_DOWN: the bank is down; mend what is wrong, edit its context if need be, and retry it',
      error: { code: 'BANK_DOWN', message: 'the bank is down' },
    },
  ],
  [
    'its cancellation',
    { view: { status: 'cancelled', finishedAt: at(-1000) }, tail: [{ ...act, outcome: 'cancelling' }, committed] },
    { reason: 'cancelled', text: 'cancelled by ada: wrong amount', by: 'ada' },
  ],
  [
    'what makes its record garbage',
    { view: { status: 'failed', finishedAt: at(-1000), error: { code: 'MACHINE_QUARANTINED', message: 'state is missing' } } },
    {
      reason: 'quarantined',
      text: 'quarantined because state is missing; mend its record in Redis and retry it, or start it anew under another id',
      since: at(-1000),
    },
  ],
];

describe('explain', () => {
  it.each(TABLE)('names %s', (_name, given, expected) => {
    expect(explain(facts(given))).toEqual(expect.objectContaining(expected));
  });

  it('names what makes a record garbage that cannot be read at all', () => {
    expect(explain({ quarantined: 'the record is not a hash', since: null })).toMatchObject({
      reason: 'quarantined',
      since: null,
    });
  });

  it('has a row for each reason', () => {
    expect(new Set(TABLE.map(([, given]) => explain(facts(given)).reason))).toEqual(new Set(REASONS));
  });

  it('gives one reason and one whole sentence, whatever is known', () => {
    fc.assert(
      fc.property(anyFacts(), (given) => check(explain(given), given)),
      { numRuns: 2000 },
    );
  });
});

function check(explanation: Explanation, { view: { status, heldBy, lease: held } }: MachineFacts): void {
  const { reason, text, since, until } = explanation;
  expect(REASONS).toContain(reason);
  expect(POSSIBLE[status]).toContain(reason);
  if (status === 'paused') expect(reason).toBe(heldBy === null ? 'paused' : 'held');
  if (status === 'running' && held) expect(['running', 'leaseHeld']).toContain(reason);
  expect(text).toMatch(/^[a-z]/);
  expect(text).not.toMatch(/unknown|undefined|null|NaN|Invalid|Infinity|\[object|; ;|;;| {2}|; $/);
  for (const time of [since, until]) expect(time === null || new Date(time).toISOString() === time).toBe(true);
}

const DRIVEN = ['queued', 'noWorker', 'noDefinition'] as const;
const POSSIBLE: Readonly<Record<MachineView['status'], readonly Explanation['reason'][]>> = {
  queued: DRIVEN,
  running: ['running', 'leaseHeld', ...DRIVEN],
  delayed: ['delayed', 'retrying', ...DRIVEN],
  waiting: ['waiting', 'timer', 'children', 'noWorker'],
  paused: ['paused', 'held'],
  completed: ['completed'],
  failed: ['failed', 'quarantined'],
  cancelled: ['cancelled'],
};

function anyFacts(): fc.Arbitrary<MachineFacts> {
  const ms = fc.integer({ min: -100_000, max: 100_000_000 });
  const time = ms.map(at);
  const name = fc.constantFrom('w1', 'w2', 'order', 'paid', 'all', 'expire');
  const few = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 3 });
  const maybe = <T>(item: fc.Arbitrary<T>) => fc.option(item, { nil: null });
  const text = fc.constantFrom('', 'a reason', 'x; y');
  const anyView = fc.record({
    status: fc.constantFrom(...STATUSES),
    retries: fc.nat(6),
    steps: fc.nat(6),
    updatedAt: time,
    finishedAt: maybe(time),
    error: maybe(fc.record({ code: fc.constantFrom('E', 'MACHINE_QUARANTINED'), message: fc.constantFrom('broken', 'gone') })),
    inbox: fc.nat(3),
    timers: few(fc.record({ event: name, at: time })),
    deadlineAt: maybe(time),
    asked: fc.constantFrom(null, 'pause' as const, 'cancel' as const),
    heldBy: maybe(fc.constant('order/charge')),
    lease: maybe(fc.record({ worker: name, fence: fc.nat(9), until: ms.map((later) => at(Math.abs(later))) })),
  });
  const anyWorker = fc
    .record({
      name,
      queues: few(fc.constantFrom('machines', 'slow')),
      lastSeenMs: fc.nat(20_000),
      pid: maybe(fc.nat(9)),
      definitions: few(fc.record({ name: fc.constantFrom('order', 'x'), version: fc.constantFrom(1, 2) })),
    })
    .map(worker);
  return fc
    .record({
      view: anyView,
      due: fc.oneof(
        fc.constant(0),
        ms.map((later) => NOW + later),
      ),
      takes: few(name),
      groups: few(fc.record({ group: name, events: few(name), total: fc.nat(5), ended: fc.nat(5) })),
      watched: fc.boolean(),
      tail: few(
        fc.record(
          {
            outcome: fc.constantFrom(...HISTORY_OUTCOMES),
            to: name,
            startedAt: time,
            durationMs: fc.nat(100),
            by: text,
            why: text,
          },
          { requiredKeys: ['outcome', 'to', 'startedAt', 'durationMs'] },
        ),
      ),
      maxRetries: fc.nat(9),
      workers: few(anyWorker),
      hold: fc.option(
        fc.record({ name: fc.constant('order/charge'), machine: fc.constant('order'), since: time, held: fc.nat(9), by: text }),
        { nil: undefined },
      ),
      job: fc.option(
        fc.record({
          state: fc.constantFrom('missing' as const, 'waiting' as const, 'delayed' as const, 'active' as const),
          jobs: fc.nat(1000),
          paused: fc.boolean(),
        }),
        { nil: undefined },
      ),
    })
    .map(facts);
}
