import { seededRandom } from '@stile/machine';
import { STATUSES, type DueJob, type MachineView } from '../../libs/machine/src/core/model';
import type { MachineFilter } from '../../libs/machine/src/core/listing';
import type { SteerAct } from '../../libs/machine/src/core/message-ports';
import type { Change, Claim } from '../../libs/machine/src/core/ports';
import { rest } from './support/event-bench';
import { ListBench } from './support/list-bench';

const SEEDS = [1, 2, 3];
const MOVES = 400;

let bench: ListBench;
beforeEach(() => {
  bench = new ListBench();
});
afterEach(() => bench.close());

/** By weight. */
const IN_HAND = ['commit', 'commit', 'commit', 'commit', 'fail', 'act', 'send', 'pass', 'release'] as const;
const AT_REST = ['claim', 'claim', 'claim', 'act', 'act', 'send', 'pass', 'retire'] as const;

/** Does anything at all to machines that somebody may do to them, one thing at a time. */
class Mover {
  readonly ids = new Set<string>();
  private readonly claims = new Map<string, Claim>();
  private readonly jobs = new Map<string, DueJob>();
  private started = 0;

  constructor(private readonly random: () => number) {}

  pick<T>(of: Iterable<T>): T {
    const list = [...of];
    return list[Math.floor(this.random() * list.length)] as T;
  }

  async move(): Promise<void> {
    if (this.ids.size < 5 || this.random() < 0.15) return this.start();
    const id = this.pick(this.ids);
    const claim = this.claims.get(id);
    const move = this.pick(claim ? IN_HAND : AT_REST);
    if (move === 'claim') await this.claim(id);
    else if (move === 'commit' && claim) await this.commit(id, claim);
    else if (move === 'fail' && claim)
      this.keep(
        id,
        await bench.fail(claim, this.pick(['boom 1', 'boom 2', 'bang']), this.pick('bc'), this.pick(['retry', 'failed'])),
      );
    else if (move === 'release' && claim) this.keep(id, await bench.steps.release(claim));
    else if (move === 'act') this.keep(id, await bench.act(id, await this.act(id)), true);
    else if (move === 'send') {
      const result = await bench.stores.inbox.deliver(id, this.pick(['go', 'noise']), '', { kind: 'id', id: `${this.random()}` });
      this.keep(id, 'job' in result ? result.job : undefined, true);
    } else if (move === 'pass') await this.pass(id);
    else if (move === 'retire') {
      await bench.retire(id);
      if (!(await bench.view(id))) this.ids.delete(id);
    }
  }

  private async start(): Promise<void> {
    const id = `${this.pick(['a', 'b'])}-${++this.started}`;
    const tags: Record<string, string> = this.random() < 0.5 ? {} : { shop: this.pick(['x', 'y']) };
    const more = { tags, version: this.pick([1, 2]), machine: this.pick(['order', 'ship']), delayMs: this.pick([0, 0, 60_000]) };
    this.jobs.set(id, await bench.start(id, more));
    this.ids.add(id);
  }

  private async claim(id: string): Promise<void> {
    const job = this.jobs.get(id);
    const result = job && (await bench.steps.claim(job, `c${this.random()}`));
    if (result?.outcome === 'claimed') this.claims.set(id, result.claim);
  }

  private async commit(id: string, claim: Claim): Promise<void> {
    const next = this.pick<Change['next']>(['continue', 'continue', 'queued', 'delayed', 'waiting', 'completed']);
    const how = rest({ take: ['go'], after: this.random() < 0.5 ? { 60_000: 'late' } : {} });
    const after = await bench.commit(claim, next, { state: this.pick('bcd'), rest: how });
    if (after && 'nonce' in after) this.claims.set(id, after);
    else this.keep(id, after);
  }

  private async act(id: string): Promise<SteerAct> {
    const cancel = { kind: 'cancel', cleanup: this.pick(['', 'tidy']), retentionMs: 60_000 } as const;
    return this.pick<SteerAct>([
      ...([{ kind: 'pause' }, { kind: 'resume' }, { kind: 'resume' }, { kind: 'retry' }, { kind: 'retry' }] as const),
      ...([
        { kind: 'move', state: 'c' },
        { ...cancel, mode: 'now' },
        { ...cancel, mode: 'graceful' },
      ] as const),
      { kind: 'edit', revision: (await bench.view(id))?.revision ?? '', context: '{}', trace: {} },
    ]);
  }

  /** Timers, delays and leases run out, and the sweep finds it. */
  private async pass(id: string): Promise<void> {
    const record = bench.keys.record(id);
    const [due, timers] = await bench.redis.hmget(record, 'due', 'timers');
    if (Number(due) > 0) await bench.redis.hset(record, 'due', 1);
    if (timers) await bench.redis.hset(record, 'timers', timers.replaceAll(/(^| )\d+/g, '$11'));
    if (this.random() < 0.3 && (await bench.redis.exists(bench.keys.lease(id))))
      await bench.redis.hset(bench.keys.lease(id), 'until', 1);
    await bench.redis.zadd(bench.keys.watch(bench.keys.partitionOf(id)), 'XX', 1, id);
    const { drive, fired } = await bench.watch.sweep(bench.keys.partitionOf(id), 100);
    for (const job of [...drive, ...fired]) this.jobs.set(job.correlationId, job);
  }

  /** @param hold what is claimed stays so */
  private keep(id: string, job: DueJob | undefined, hold = false): void {
    if (job) this.jobs.set(id, job);
    if (!hold) this.claims.delete(id);
  }
}

type Field = 'machine' | 'version' | 'statuses' | 'state' | 'tag' | 'idPrefix';

function filterOf(mover: Mover, random: () => number): MachineFilter {
  const all: { readonly [K in Field]: () => MachineFilter } = {
    machine: () => ({ machine: mover.pick(['order', 'ship']) }),
    version: () => ({ machine: mover.pick(['order', 'ship']), version: mover.pick([1, 2]) }),
    statuses: () => ({ statuses: [mover.pick(STATUSES), mover.pick(STATUSES)] }),
    state: () => ({ state: mover.pick(['pseudo_init', 'b', 'c', 'd']) }),
    tag: () => ({ tag: { key: 'shop', value: mover.pick(['x', 'y']) } }),
    idPrefix: () => ({ idPrefix: mover.pick(['a', 'b-1']) }),
  };
  return Object.assign({}, ...Object.values(all).map((make) => (random() < 0.3 ? make() : {}))) as MachineFilter;
}

function fits({ machine, version, statuses, state, tag, idPrefix = '' }: MachineFilter, view: MachineView): boolean {
  if (machine !== undefined && machine !== view.machine) return false;
  if (version !== undefined && version !== view.version) return false;
  if (statuses !== undefined && !statuses.includes(view.status)) return false;
  if (state !== undefined && state !== view.state) return false;
  return (tag === undefined || view.tags[tag.key] === tag.value) && view.correlationId.startsWith(idPrefix);
}

describe('whatever is done to machines', () => {
  const statuses = new Set<string>();
  it.each(SEEDS)('lists, counts and records agree (seed %d)', async (seed) => {
    const random = seededRandom(seed);
    const mover = new Mover(random);
    for (let i = 0; i < MOVES; i++) {
      await mover.move();
      if (i % 20 > 0) continue;
      expect(await bench.disagreements()).toEqual([]);
      const views = (await Promise.all([...mover.ids].map((id) => bench.view(id)))).flatMap((view) => view ?? []);
      for (const { status } of views) statuses.add(status);
      const counted = (await bench.listing.counts()).reduce((sum, { count }) => sum + count, 0);
      expect(counted).toBe(views.length);
      const failed = (await bench.listing.failures()).reduce((sum, { count }) => sum + count, 0);
      expect(failed).toBe(views.filter(({ status }) => status === 'failed').length);
      await compareLists(filterOf(mover, random), views, 1 + Math.floor(random() * 10));
      await compareLists({}, views, 200);
    }
  });

  it('comes across every status', () => expect([...statuses].sort()).toEqual([...STATUSES].sort()));
});

async function compareLists(filter: MachineFilter, views: readonly MachineView[], limit: number): Promise<void> {
  const found: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await bench.listing.list(filter, { limit, ...(cursor === undefined ? {} : { cursor }) });
    found.push(...page.items.map(({ correlationId }) => correlationId));
    cursor = page.next;
  }
  const byTime = (a: MachineView, b: MachineView) =>
    Date.parse(b.createdAt) - Date.parse(a.createdAt) || (a.correlationId > b.correlationId ? -1 : 1);
  const byId = (a: MachineView, b: MachineView) => (a.correlationId < b.correlationId ? -1 : 1);
  const expected = views.filter((view) => fits(filter, view)).sort(filter.idPrefix === undefined ? byTime : byId);
  expect({ filter, found }).toEqual({ filter, found: expected.map(({ correlationId }) => correlationId) });
}
