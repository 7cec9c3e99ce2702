import { RedisLeaseStore } from '@stile/lease';
import type { Redis } from 'ioredis';
import type { DueJob, Job } from '../../../libs/machine/src/core/model';
import type { Claim, StepStore } from '../../../libs/machine/src/core/ports';
import { FusedStepStore } from '../../../libs/machine/src/redis/fused-step-store';
import { Keyspace } from '../../../libs/machine/src/redis/keyspace';
import { RedisInboxStore } from '../../../libs/machine/src/redis/redis-inbox-store';
import { RedisRecordStore } from '../../../libs/machine/src/redis/redis-record-store';
import { RedisSteeringStore } from '../../../libs/machine/src/redis/redis-steering-store';
import { RedisWatchStore } from '../../../libs/machine/src/redis/redis-watch-store';
import { SplitStepStore } from '../../../libs/machine/src/redis/split-step-store';
import { MortalLeases } from './mortal-leases';
import { Resending, type Doctor } from './resending';
import { keysOf, Snapshot } from './snapshot';
import { WorkerModel } from './worker-model';

/** Items of history: more than any run writes, so that it can be counted. */
const HISTORY_LIMIT = 1000;
const INBOX_LIMIT = 3;
const TTL_MS = 600_000;
export const RETENTION_MS = 600_000;
export const LATER_MS = 600_000;
/** Where an entry of the watch is that is overdue, server ms. */
export const OVERDUE = 1;

/** A server that none of ours is. */
export const ELSEWHERE = 'another';

/** What a claim was asked with: a resend says the same. */
export interface Call {
  readonly job: Job;
  readonly nonce: string;
  readonly barred: number;
}

/** One machine: what the model says of it, and what workers have in hand. */
export class Machine {
  readonly model: WorkerModel;
  readonly claims: Claim[] = [];
  readonly calls: Call[] = [];
  readonly jobs: Job[] = [];
  /** Tokens that claims of the record were given. */
  readonly tokens = new Set<number>();
  /** Ids of jobs that it has waited for (J1). */
  readonly jobIds = new Set<string>();

  constructor(
    readonly id: string,
    leaseHere: boolean,
  ) {
    this.model = new WorkerModel(leaseHere, INBOX_LIMIT);
  }

  add(job: DueJob | undefined): void {
    if (job) this.jobs.push(job);
  }
}

/** Two machines over real stores, in a namespace of their own. */
export class World {
  readonly machines: readonly Machine[];
  readonly steps: StepStore;
  readonly watch: RedisWatchStore;
  readonly inbox: RedisInboxStore;
  readonly steering: RedisSteeringStore;
  readonly keys: Keyspace;
  readonly leaseKeys: Keyspace;
  readonly leases: MortalLeases;
  readonly client: Resending;
  private readonly records: RedisRecordStore;
  private readonly names: string[];
  private nonces = 0;

  constructor(
    readonly redis: Redis,
    readonly kind: 'fused' | 'split',
    prefix: string,
    doctor?: Doctor,
  ) {
    const fused = kind === 'fused';
    this.keys = new Keyspace(prefix, 1);
    this.leaseKeys = fused ? this.keys : new Keyspace(`${prefix}-lease`, 1);
    this.machines = ['m1', 'm2'].map((id) => new Machine(id, fused));
    this.names = keysOf(this.keys, this.leaseKeys, ['m1', 'm2']);
    this.client = new Resending(redis, () => this.snapshot(), doctor);
    const client = this.client.redis;
    this.leases = new MortalLeases(new RedisLeaseStore(client, { keyOf: (id) => this.leaseKeys.lease(id) }));
    const limits = { leaseTtlMs: TTL_MS, historyLimit: HISTORY_LIMIT, retentionMs: RETENTION_MS };
    const options = { ...limits, worker: 'model', monotonic: () => performance.now() };
    this.steps = new (fused ? FusedStepStore : SplitStepStore)(client, this.keys, this.leases, options);
    this.watch = new RedisWatchStore(client, this.keys, fused ? undefined : this.leases);
    this.inbox = new RedisInboxStore(client, this.keys);
    this.steering = new RedisSteeringStore(client, this.keys, HISTORY_LIMIT);
    this.records = new RedisRecordStore(client, this.keys);
  }

  async start(): Promise<void> {
    for (const machine of this.machines) {
      const { job } = await this.records.start({
        ...{
          request: { machine: 'bench' },
          correlationId: machine.id,
          runId: `run-of-${machine.id}`,
          version: 1,
          queue: 'machines',
        },
        ...{ maxRetries: 5, state: 'pseudo_init', event: 'pseudo_init', contextJson: '{"a":[]}', digest: 'digest' },
        inboxLimit: INBOX_LIMIT,
      });
      machine.add(job);
    }
  }

  snapshot(): Promise<Snapshot> {
    return Snapshot.take(this.redis, this.names);
  }

  newNonce(): string {
    return `n${++this.nonces}`;
  }

  /** The job that the record itself asks for. */
  wanted({ id }: Machine, at: Snapshot): Job {
    const { steps, rev, retries, drive, machine = '', version, queue = '' } = at.hash(this.keys.record(id));
    const count = (text: string | undefined) => Number(text ?? 0);
    const order = { steps: count(steps), rev: count(rev), retries: count(retries), drive: count(drive) };
    return { correlationId: id, ...order, machine, version: count(version), queue };
  }

  /** Lets the watch find the machine overdue, as it would some time later. */
  makeOverdue({ id }: Machine): Promise<unknown> {
    return this.redis.zadd(this.keys.watch(0), 'XX', OVERDUE, id);
  }

  /** Lets the time of its timers and of its delay come. */
  async pass(machine: Machine, at: Snapshot): Promise<void> {
    const { id } = machine;
    const { due = '0', timers } = at.hash(this.keys.record(id));
    const fields = { ...(due === '0' ? {} : { due: 1 }), ...(timers ? { timers: timers.replaceAll(/(^| )\d+/g, '$11') } : {}) };
    if (Object.keys(fields).length === 0) return;
    await Promise.all([this.redis.hset(this.keys.record(id), fields), this.makeOverdue(machine)]);
  }

  async close(): Promise<void> {
    await this.redis.unlink(this.names);
  }
}
