import { MachineNotFoundError, SteeringRefusedError, StoreUnavailableError } from '../../core/errors';
import type { MachineEvents } from '../../core/events';
import { MachineListing, type MachineFilter, type MachinePage, type MachineSummary } from '../../core/listing';
import type { MachineStatus } from '../../core/model';
import type { BulkAct } from '../../core/operations';
import {
  COUNTERS,
  type OperationSpec,
  type OperationState,
  type OperationStore,
  type RepeatableSteering,
  type Standing,
  type Turn,
} from '../../core/operations-ports';
import { OperationWalker } from './operation-walker';

const START = Date.parse('2026-01-01T00:00:00Z');
const GROUP = '0123456789abcdef';
const never = new AbortController().signal;
const who = { by: 'ada', why: 'mended' };

interface Machine {
  readonly id: string;
  readonly created: number;
  status: MachineStatus;
  steps: number;
  retries: number;
  group: string;
  /** Nonce of the last act, as the record has it. */
  nonce: string;
  acts: number;
}

/** Machines in memory: listed newest first, looking at so many at a time, and steered as the scripts do it. */
class Fleet extends MachineListing implements RepeatableSteering {
  readonly machines = new Map<string, Machine>();
  /** Machines that a page looks at. */
  scan = 1000;
  readonly reached: string[] = [];
  before: (id: string) => void = () => undefined;

  add(count: number, fields: Partial<Machine> = {}, name = 'm'): void {
    for (let i = 0; i < count; i++) {
      const id = `${name}${String(i).padStart(4, '0')}`;
      const fresh = { status: 'failed' as const, steps: 3, retries: 0, group: GROUP, nonce: '', acts: 0 };
      this.machines.set(id, { id, created: START - 1 - (i % 7), ...fresh, ...fields });
    }
  }

  get(id: string): Machine {
    const found = this.machines.get(id);
    if (!found) throw new MachineNotFoundError(id);
    return found;
  }

  with(status: MachineStatus): Machine[] {
    return [...this.machines.values()].filter((machine) => machine.status === status);
  }

  async list({ statuses, failure, to }: MachineFilter, { cursor = '', limit = 50 } = {}): Promise<MachinePage> {
    const placeOf = ({ created, id }: Machine): string => `${String(Number.MAX_SAFE_INTEGER - created).padStart(20, '0')} ${id}`;
    const looked = [...this.machines.values()]
      .filter((machine) => cursor === '' || placeOf(machine) > cursor)
      .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
    const items: Machine[] = [];
    let last: Machine | undefined;
    for (const machine of looked.slice(0, this.scan)) {
      last = machine;
      if (to !== undefined && machine.created >= Date.parse(to)) continue;
      if (statuses && !statuses.includes(machine.status)) continue;
      if (failure !== undefined && (machine.status !== 'failed' || machine.group !== failure)) continue;
      if (items.push(machine) === limit) break;
    }
    const next = last && last !== looked.at(-1) ? placeOf(last) : null;
    return { items: items.map(({ id, steps }) => ({ correlationId: id, steps }) as MachineSummary), next };
  }

  async actOnce(id: string, act: BulkAct, _mode: string, nonce: string): Promise<void> {
    this.before(id);
    this.reached.push(id);
    const machine = this.get(id);
    if (machine.nonce === nonce) return;
    if (act === 'retry' && machine.status !== 'failed') throw new SteeringRefusedError(act, id, machine.status, '');
    Object.assign(machine, { nonce, status: act === 'retry' ? 'queued' : 'cancelled', retries: 0, acts: machine.acts + 1 });
  }

  /** What becomes of the machines that were retried. */
  run(outcome: (machine: Machine) => Partial<Machine> | undefined): void {
    for (const machine of this.with('queued')) Object.assign(machine, outcome(machine));
  }

  counts = () => Promise.reject(new Error('not asked'));
  failures = () => Promise.reject(new Error('not asked'));
  tally = () => Promise.reject(new Error('not asked'));
}

/** Operations in memory, written by compare-and-set. */
class MemoryStore implements OperationStore {
  now = START;
  private state?: OperationState;
  beforeAdvance: (turn: Turn) => void = () => undefined;

  constructor(private readonly fleet: Fleet) {}

  async start(spec: OperationSpec, total: number | null) {
    const counts = Object.fromEntries(COUNTERS.map((field) => [field, 0])) as Record<(typeof COUNTERS)[number], number>;
    const times = { started: this.now, updated: this.now, finished: null, now: this.now };
    const stands = { status: 'running' as const, stoppedBecause: null, turn: 0, walk: { cursor: '', hand: [] } };
    this.state = { spec, total, ...stands, ...counts, reasons: {}, ...times };
    return 'created' as const;
  }
  async read() {
    return this.state && { ...this.state, now: this.now };
  }
  async advance(read: OperationState, turn: Turn) {
    this.beforeAdvance(turn);
    const { state } = this;
    if (!state || state.status !== 'running' || state.turn !== read.turn) return false;
    const { reasons = {}, ...tally } = turn.tally ?? {};
    const counts = COUNTERS.map((field) => [field, state[field] + (tally[field] ?? 0)]);
    const sums = Object.entries(reasons).map(([code, count]) => [code, (state.reasons[code] ?? 0) + count]);
    const status = turn.end === 'done' ? ('done' as const) : ('stopped' as const);
    this.state = {
      ...state,
      ...Object.fromEntries(counts),
      reasons: { ...state.reasons, ...Object.fromEntries(sums) },
      ...{ turn: state.turn + 1, walk: turn.walk, updated: this.now },
      ...(turn.end === undefined ? {} : { status, finished: this.now }),
      stoppedBecause: turn.end === 'they fail again' ? turn.end : null,
    };
    return true;
  }
  async stop() {
    this.state = { ...(await this.current()), status: 'stopped', stoppedBecause: 'asked' };
    return true;
  }
  async standings(ids: readonly string[]): Promise<(Standing | undefined)[]> {
    return ids.map((id) => this.fleet.machines.get(id));
  }
  get silentMs(): number {
    return this.now - (this.state?.updated ?? this.now);
  }
  async current(): Promise<OperationState> {
    if (!this.state) throw new Error('it was not started');
    return this.state;
  }
  running = async () => [];
  ended = async () => [];
  page = () => Promise.reject(new Error('not asked'));
}

let fleet: Fleet;
let store: MemoryStore;
beforeEach(() => {
  fleet = new Fleet();
  store = new MemoryStore(fleet);
});

const walker = (): OperationWalker =>
  new OperationWalker({ store, events: {} as MachineEvents, listing: fleet, steering: fleet });
const act = (fields: object = {}): Promise<unknown> =>
  store.start({ id: 'op', act: 'retry', filter: { statuses: ['failed'] }, ...who, ...fields } as OperationSpec, null);
const redrive = (count: number | null = null): Promise<unknown> =>
  store.start({ id: 'op', act: 'redrive', group: GROUP, count, ...who }, null);

/** Walks to the end; `meanwhile` is what happens while the walk waits. */
async function drive(meanwhile: () => void = () => undefined): Promise<OperationState> {
  for (let looks = 0; looks < 10_000; looks++) {
    const walked = await walker().walk('op', never);
    if (walked === 'ended') return store.current();
    meanwhile();
    store.now += 200;
  }
  throw new Error(`it does not end: ${JSON.stringify(await store.current())}`);
}

/** Sizes of the waves, as they were written down. */
function watchWaves(): number[] {
  const sizes: number[] = [];
  store.beforeAdvance = ({ walk }) => {
    if (walk.hand.length > 0) sizes.push(walk.hand.length);
  };
  return sizes;
}

const completed = { status: 'completed' as const, steps: 4 };
const failedAgain = { status: 'failed' as const };

describe('an act on many', () => {
  it('reaches each machine that matches, and no other', async () => {
    fleet.add(250);
    fleet.add(30, { status: 'completed' }, 'other');
    fleet.add(20, { created: START }, 'later');
    await act();
    expect(await drive()).toMatchObject({ status: 'done', matched: 250, done: 250, refused: 0, gone: 0 });
    expect(fleet.with('queued')).toHaveLength(250);
    expect(fleet.reached).toHaveLength(250);
  });

  it.each([1, 3, 40])('walks through pages that look at %i machines, the most of them empty', async (scan) => {
    fleet.scan = scan;
    fleet.add(60, { status: 'waiting' }, 'a');
    fleet.add(45);
    fleet.add(60, { status: 'waiting' }, 'z');
    await act();
    expect(await drive()).toMatchObject({ status: 'done', matched: 45, done: 45 });
  });

  it('ends where only machines match that are started after it', async () => {
    fleet.add(5);
    await act({ filter: { from: '2026-01-01T00:00:00.000Z' } });
    expect(await drive()).toMatchObject({ status: 'done', matched: 0 });
  });

  it('ends where nothing matches', async () => {
    await act();
    expect(await drive()).toMatchObject({ status: 'done', matched: 0 });
  });

  it('counts those that it does not suit, and those that are gone', async () => {
    fleet.add(10);
    await act();
    store.beforeAdvance = ({ walk }) => {
      if (walk.hand.length === 0) return;
      fleet.get('m0003').status = 'running';
      fleet.machines.delete('m0004');
    };
    expect(await drive()).toMatchObject({ matched: 10, done: 8, refused: 1, gone: 1, reasons: { STEERING_REFUSED: 1 } });
  });

  it('takes all machines where that is said', async () => {
    fleet.add(5);
    fleet.add(5, { status: 'waiting' }, 'w');
    await act({ act: 'cancel', mode: 'now', filter: { all: true } });
    expect(await drive()).toMatchObject({ done: 10 });
  });

  it('reaches no further page once it is stopped', async () => {
    fleet.add(300);
    await act();
    fleet.before = () => {
      if (fleet.reached.length === 150) void store.stop();
    };
    expect(await drive()).toMatchObject({ status: 'stopped', stoppedBecause: 'asked', done: 100 });
    expect(fleet.reached).toHaveLength(200);
  });

  it('does not meet a machine again that was retried and failed again', async () => {
    fleet.add(250);
    await act();
    store.beforeAdvance = () => fleet.run(() => failedAgain);
    expect(await drive()).toMatchObject({ matched: 250, done: 250 });
    expect(fleet.with('failed').map(({ acts }) => acts)).toEqual(Array.from({ length: 250 }, () => 1));
  });
});

describe('a worker that dies', () => {
  const dies = (): never => {
    throw new Error('the process is gone');
  };

  it.each([
    ['completed', completed],
    ['failed again', failedAgain],
  ])('after its acts, before they are written down, leaves machines that %s: done once, counted once', async (_what, fate) => {
    fleet.add(150);
    await act();
    store.beforeAdvance = ({ tally }) => {
      if (tally?.done === 100) dies();
    };
    await expect(walker().walk('op', never)).rejects.toThrow('gone');
    fleet.run(() => fate);
    store.beforeAdvance = () => undefined;
    expect(await drive()).toMatchObject({ status: 'done', matched: 150, done: 150, refused: 0 });
    expect([...fleet.machines.values()].every(({ acts }) => acts === 1)).toBe(true);
  });

  it('or loses its store in the middle of a page leaves the rest of it to the next one', async () => {
    fleet.add(150);
    await act();
    fleet.before = () => {
      if (fleet.reached.length > 130) throw new StoreUnavailableError(new Error('away'));
    };
    await expect(walker().walk('op', never)).rejects.toThrow('away');
    expect((await store.current()).done).toBe(100);
    fleet.before = () => undefined;
    fleet.run(() => completed);
    expect(await drive()).toMatchObject({ matched: 150, done: 150 });
    expect([...fleet.machines.values()].every(({ acts }) => acts === 1)).toBe(true);
  });

  it('has its page done again where somebody else acted on a machine meanwhile: once more, as is said of it', async () => {
    fleet.add(1);
    await act();
    store.beforeAdvance = ({ tally }) => void (tally && dies());
    await expect(walker().walk('op', never)).rejects.toThrow('gone');
    Object.assign(fleet.get('m0000'), { status: 'failed', nonce: 'an edit' });
    store.beforeAdvance = () => undefined;
    expect(await drive()).toMatchObject({ matched: 1, done: 1 });
    expect(fleet.get('m0000').acts).toBe(2);
  });

  it('no worker: four that walk at the same time act once on each machine, and count it once', async () => {
    fleet.add(500);
    await act();
    await Promise.all([1, 2, 3, 4].map(() => walker().walk('op', never)));
    expect(await store.current()).toMatchObject({ status: 'done', matched: 500, done: 500, refused: 0 });
    expect([...fleet.machines.values()].every(({ acts }) => acts === 1)).toBe(true);
  });

  it('in a redrive leaves a wave that the next one watches', async () => {
    fleet.add(10);
    await redrive();
    expect(await walker().walk('op', never)).toBe('later');
    expect((await store.current()).walk.wave?.members).toHaveLength(1);
    store.beforeAdvance = ({ tally }) => void (tally && dies());
    fleet.run(() => completed);
    await expect(walker().walk('op', never)).rejects.toThrow('gone'); // judged, and not written down
    store.beforeAdvance = ({ tally }) => void (tally?.done === 2 && dies());
    await expect(walker().walk('op', never)).rejects.toThrow('gone'); // the second wave is retried, and not written down
    store.beforeAdvance = () => undefined;
    expect(await drive(() => fleet.run(() => completed))).toMatchObject({ status: 'done', matched: 10, done: 10 });
    expect([...fleet.machines.values()].every(({ acts }) => acts === 1)).toBe(true);
  });
});

describe('a redrive', () => {
  it('goes through the group in waves that double, up to 100', async () => {
    fleet.add(400);
    fleet.add(5, { group: 'fedcba9876543210' }, 'other');
    const waves = watchWaves();
    await redrive();
    expect(await drive(() => fleet.run(() => completed))).toMatchObject({ status: 'done', done: 400, failedAgain: 0 });
    expect(waves).toEqual([1, 2, 4, 8, 16, 32, 64, 100, 100, 73]);
    expect(fleet.with('failed')).toHaveLength(5);
  });

  it('stops at the first machine where that fails again, whatever it says this time', async () => {
    fleet.add(100);
    await redrive();
    const end = await drive(() => fleet.run(() => ({ ...failedAgain, group: 'fedcba9876543210' })));
    expect(end).toMatchObject({ status: 'stopped', stoppedBecause: 'they fail again', done: 1, failedAgain: 1 });
    expect(fleet.reached).toHaveLength(1);
  });

  it('goes on while no more than half of a wave fail again', async () => {
    fleet.add(31);
    const waves = watchWaves();
    await redrive();
    let turn = 0;
    const end = await drive(() => fleet.run(() => (++turn % 2 === 0 ? failedAgain : completed)));
    expect(end).toMatchObject({ status: 'done', done: 31, failedAgain: 15 });
    expect(waves).toEqual([1, 2, 4, 8, 16]);
  });

  it('stops as soon as more than half of a wave have failed again, though others still run', async () => {
    fleet.add(31);
    await redrive();
    const end = await drive(() => {
      const wave = fleet.with('queued');
      wave.slice(0, wave.length === 4 ? 3 : wave.length).forEach((machine) => {
        Object.assign(machine, wave.length === 4 ? failedAgain : completed);
      });
    });
    expect(end).toMatchObject({ stoppedBecause: 'they fail again', done: 7, failedAgain: 3 });
    expect(fleet.with('queued')).toHaveLength(1);
  });

  it.each([
    ['waits', { status: 'waiting' as const, steps: 4 }],
    ['goes on in another step', { steps: 4 }],
    ['fails in a later step', { status: 'failed' as const, steps: 4 }],
    ['is paused', { status: 'paused' as const }],
    ['is cancelled', { status: 'cancelled' as const }],
  ])('is content with a machine that %s', async (_what, fate) => {
    fleet.add(3);
    await redrive();
    expect(await drive(() => fleet.run(() => fate))).toMatchObject({ status: 'done', done: 3, failedAgain: 0 });
    expect(store.now - START).toBeLessThan(2000);
  });

  it('is content with a machine that is removed', async () => {
    fleet.add(3);
    await redrive();
    const end = await drive(() => fleet.with('queued').forEach(({ id }) => fleet.machines.delete(id)));
    expect(end).toMatchObject({ status: 'done', done: 3, failedAgain: 0 });
  });

  it('watches a wave for 30 s, and says meanwhile that it is alive', async () => {
    fleet.add(2);
    const waves = watchWaves();
    await redrive();
    let first = 0;
    let silentMs = 0;
    await drive(() => {
      if (waves.length === 1) first = store.now - START;
      silentMs = Math.max(silentMs, store.silentMs);
    });
    expect(waves).toEqual([1, 1]);
    expect(first).toBeGreaterThan(29_000);
    expect(first).toBeLessThan(31_000);
    expect(silentMs).toBeLessThan(5500);
  });

  it('takes a machine that has failed an attempt, and still tries when the time is up, for one that fails again', async () => {
    fleet.add(50);
    await redrive();
    const end = await drive(() => fleet.run(() => ({ status: 'delayed', retries: 2 })));
    expect(end).toMatchObject({ stoppedBecause: 'they fail again', done: 1, failedAgain: 1 });
    expect(store.now - START).toBeGreaterThan(29_000);
  });

  it('stops also where a step takes longer to fail than a wave is watched', async () => {
    fleet.add(50);
    const since = new Map<string, number>();
    const waves = watchWaves();
    await redrive();
    const end = await drive(() =>
      fleet.run(({ id }) => {
        since.set(id, since.get(id) ?? store.now);
        return store.now - (since.get(id) ?? 0) >= 50_000 ? failedAgain : undefined;
      }),
    );
    expect(end).toMatchObject({ stoppedBecause: 'they fail again', failedAgain: 1 });
    expect(waves).toEqual([1, 2]);
  });

  it.each([1, 2, 5, 7])('retries %i where so many are asked for', async (count) => {
    fleet.add(20);
    await redrive(count);
    expect(await drive(() => fleet.run(() => completed))).toMatchObject({ status: 'done', done: count });
    expect(fleet.with('completed')).toHaveLength(count);
  });

  it('tells of a single one whether it failed again', async () => {
    fleet.add(20);
    await redrive(1);
    const end = await drive(() => fleet.run(() => failedAgain));
    expect(end).toMatchObject({ status: 'stopped', stoppedBecause: 'they fail again', done: 1, failedAgain: 1 });
  });

  it('takes another machine for one that somebody else has retried', async () => {
    fleet.add(20);
    await redrive(3);
    let stolen = false;
    store.beforeAdvance = ({ walk }) => {
      if (walk.hand.length !== 2 || stolen) return;
      stolen = true;
      fleet.get(walk.hand[0]?.id ?? '').status = 'running';
    };
    const end = await drive(() => fleet.run(() => completed));
    expect(end).toMatchObject({ status: 'done', matched: 4, done: 3, refused: 1 });
  });
});
