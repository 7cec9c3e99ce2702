import type { DeliverResult, DeliveryMark, SteerAct, SteerResult } from '../../../libs/machine/src/core/message-ports';
import type { DueJob, Job, MachineStatus } from '../../../libs/machine/src/core/model';
import type { Change, CheckedStart, Claim, Effects, Overdue, Rest, StepStore } from '../../../libs/machine/src/core/ports';
import type { Act } from '../../../libs/machine/src/core/steering';
import { isCluster } from '../../../libs/machine/src/redis/connect';
import { FusedStepStore } from '../../../libs/machine/src/redis/fused-step-store';
import { RedisHoldStore } from '../../../libs/machine/src/redis/redis-hold-store';
import { RedisInboxStore } from '../../../libs/machine/src/redis/redis-inbox-store';
import { RedisOutboxStore } from '../../../libs/machine/src/redis/redis-outbox-store';
import { RedisSteeringStore } from '../../../libs/machine/src/redis/redis-steering-store';
import { SplitStepStore } from '../../../libs/machine/src/redis/split-step-store';
import { sendingTwice } from './sending-twice';
import { change, failure, StoreBench, TTL_MS, type BenchOptions } from './store-bench';

export interface RestSketch {
  readonly take?: readonly string[];
  readonly ignore?: readonly string[];
  readonly reject?: readonly string[];
  /** Events by ms from now. */
  readonly after?: Readonly<Record<number, string>>;
  readonly stayed?: boolean;
  readonly goOn?: boolean;
}

/** How a machine waits, for short. */
export function rest({ take = [], ignore = [], reject = [], after = {}, stayed = false, goOn = false }: RestSketch): Rest {
  const of = (what: 'take' | 'ignore' | 'reject') => (event: string) => [event, what] as const;
  const takes = new Map([...take.map(of('take')), ...ignore.map(of('ignore')), ...reject.map(of('reject'))]);
  return { takes, timers: Object.entries(after).map(([ms, event]) => ({ afterMs: Number(ms), event })), stayed, goOn };
}

/** A bench with everything that a machine has beyond plain steps. */
export class EventBench extends StoreBench {
  readonly inbox: RedisInboxStore;
  readonly outbox: RedisOutboxStore;
  readonly steering: RedisSteeringStore;
  readonly holds: RedisHoldStore;
  private marks = 0;

  constructor(options: BenchOptions) {
    super(options);
    const client = options.twice && !isCluster(this.redis) ? sendingTwice(this.redis, () => this.dump()) : this.redis;
    const limits = { leaseTtlMs: options.ttlMs ?? TTL_MS, historyLimit: 100, retentionMs: 60_000 };
    const common = { ...limits, worker: 'bench', monotonic: () => performance.now() };
    const steps: StepStore =
      options.kind === 'fused'
        ? new FusedStepStore(client, this.keys, this.leases, common)
        : new SplitStepStore(client, this.keys, this.leases, common);
    Object.assign(this, { steps });
    this.inbox = new RedisInboxStore(client, this.keys);
    this.outbox = new RedisOutboxStore(client, this.keys);
    this.steering = new RedisSteeringStore(client, this.keys, limits.historyLimit);
    this.holds = new RedisHoldStore(client, this.keys);
  }

  /** Starts a machine that is more than plain. */
  async begin(fields: Partial<CheckedStart> = {}): Promise<DueJob> {
    const correlationId = fields.correlationId ?? this.newId();
    const common = { correlationId, runId: `run-of-${correlationId}`, version: 1, queue: 'machines', maxRetries: 5 };
    const first = { state: 'pseudo_init', event: 'pseudo_init', contextJson: '{"a":[]}', digest: 'digest' };
    const { job } = await this.records.start({ request: { machine: 'bench' }, ...common, ...first, ...fields });
    return job;
  }

  /** A machine that waits in state `b`. */
  async waiting(how: RestSketch = {}, fields: Partial<CheckedStart> = {}): Promise<string> {
    const claim = await this.claim(await this.begin(fields));
    expect(await this.wait(claim, how)).toMatchObject({ outcome: 'committed', next: 'waiting' });
    return claim.correlationId;
  }

  wait(claim: Claim, how: RestSketch = {}, fields: Partial<Change> = {}) {
    return this.steps.commit(claim, change('waiting', { rest: rest(how), ...fields }));
  }

  send(id: string, event: string, mark: DeliveryMark | string = `own-${++this.marks}`, data = ''): Promise<DeliverResult> {
    return this.inbox.deliver(id, event, data, typeof mark === 'string' ? { kind: 'id', id: mark } : mark);
  }

  /** Delivers, and claims the step that follows. */
  async taken(id: string, event: string, data = ''): Promise<Claim> {
    const result = await this.send(id, event, undefined, data);
    if (result.outcome !== 'taken' || !result.job) throw new Error(`expected it taken, got ${JSON.stringify(result)}`);
    return this.claim(result.job);
  }

  act(id: string, act: SteerAct | 'pause' | 'resume' | 'retry' | 'cancel' | 'now', who: Act = {}): Promise<SteerResult> {
    const cancel = { kind: 'cancel', cleanup: '', retentionMs: 60_000 } as const;
    const full: SteerAct =
      typeof act !== 'string'
        ? act
        : act === 'cancel'
          ? { ...cancel, mode: 'graceful' }
          : act === 'now'
            ? { ...cancel, mode: 'now' }
            : { kind: act };
    return this.steering.steer(id, full, this.newNonce(), who);
  }

  /** Makes the timers, the delay and the deadline of a machine due so many ms ago, by the server's clock. */
  async pass(id: string, fields: readonly ('timers' | 'deadline' | 'due')[]): Promise<void> {
    const record = await this.record(id);
    for (const field of fields) {
      await this.setRecord(id, { [field]: (record[field] ?? '').replaceAll(/(^| )\d+/g, '$11') });
    }
    await this.makeOverdue(id);
  }

  /** Sweeps, and gives the job of a machine that goes on by it. A sweep whose reply was lost tells its repeat nothing: the record does. */
  async fires(id: string): Promise<Job> {
    const { drive } = await this.record(id);
    const { fired } = await this.sweep();
    const job = { ...(await this.jobOf(id)), rev: Number((await this.record(id)).rev ?? 0) };
    expect(job.drive).toBe(Number(drive) + 1);
    if (!this.options.twice) expect(fired).toMatchObject([job]);
    return job;
  }

  /** All partitions. */
  async sweep(): Promise<Overdue> {
    const found: Overdue[] = [];
    for (let partition = 0; partition < this.keys.partitions; partition++) found.push(await this.watch.sweep(partition, 100));
    const next = found.map(({ nextMs }) => nextMs).filter((ms) => ms !== undefined);
    return {
      drive: found.flatMap(({ drive }) => drive),
      fired: found.flatMap(({ fired }) => fired),
      deliver: found.flatMap(({ deliver }) => deliver),
      garbage: found.flatMap(({ garbage }) => garbage),
      ...(next.length > 0 ? { nextMs: Math.min(...next) } : {}),
    };
  }

  /** Until when a machine that has ended is kept, server ms. */
  keptUntil(id: string): Promise<string | null> {
    return this.redis.zscore(this.keys.retention(this.keys.partitionOf(id)), id);
  }

  /** A machine of each status. */
  async machineThatIs(status: MachineStatus): Promise<string> {
    if (status === 'queued') return (await this.begin()).correlationId;
    if (status === 'delayed') return (await this.begin({ request: { machine: 'bench', delayMs: 50_000 } })).correlationId;
    if (status === 'waiting') return this.waiting({ take: ['go', 'late'], after: { 40_000: 'late' } });
    if (status === 'paused') {
      const id = await this.waiting({ take: ['go', 'late'], after: { 40_000: 'late' } });
      await this.act(id, 'pause');
      return id;
    }
    const claim = await this.claim(await this.begin());
    if (status === 'completed') await this.steps.commit(claim, change('completed'));
    if (status === 'failed') await this.steps.fail(claim, failure('failed'));
    if (status === 'cancelled') await this.act(claim.correlationId, 'now');
    return claim.correlationId;
  }

  async outcomes(id: string): Promise<string[]> {
    return ((await this.records.history(id)) ?? []).map(({ outcome }) => outcome);
  }

  async status(id: string): Promise<string | undefined> {
    return (await this.record(id)).status;
  }
}

export function children(name: string, count: number, fields: Partial<Effects['groups'][number]> = {}): Effects {
  const list = Array.from({ length: count }, (_, i) => ({ correlationId: `${name}.${i}`, context: '{}' }));
  const common = { limit: 100, first: 0, tolerate: 0, event: 'joined', failed: 'broken', single: false, outlive: false };
  return {
    messages: [],
    groups: [{ name, spec: { machine: 'bench', awaited: true }, ...common, children: list, ...fields }],
  };
}
