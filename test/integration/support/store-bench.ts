import { FailoverLeases, RedisLeaseStore, type LeaseStore } from '@stile/lease';
import { Redis } from 'ioredis';
import type { Change, Claim, Failure, StepStore } from '../../../libs/machine/src/core/ports';
import type { DueJob, HistoryItem, Job, StartRequest } from '../../../libs/machine/src/core/model';
import { connect, isCluster, type RedisConnection } from '../../../libs/machine/src/redis/connect';
import { FusedStepStore } from '../../../libs/machine/src/redis/fused-step-store';
import { Keyspace } from '../../../libs/machine/src/redis/keyspace';
import { RecordPlacement } from '../../../libs/machine/src/redis/record-placement';
import { RedisRecordStore } from '../../../libs/machine/src/redis/redis-record-store';
import { RedisWatchStore } from '../../../libs/machine/src/redis/redis-watch-store';
import { SplitStepStore } from '../../../libs/machine/src/redis/split-step-store';
import { testEngine } from '../../support/engines';
import { serverTimeMs, uniquePrefix } from '../../support/redis';
import { dropKeys, dumpKeys } from './dump-keys';
import { sendingTwice } from './sending-twice';

export const TTL_MS = 30_000;
/** Of more bytes than a history has in its record. */
export const HISTORY_LIMIT = 8;

export interface BenchOptions {
  readonly kind: 'fused' | 'split';
  /** Sends every script twice and answers with the second reply, as a client does whose first reply was lost. */
  readonly twice?: boolean;
  readonly ttlMs?: number;
  /** Replaces the lease store of a split bench. */
  readonly leases?: (own: LeaseStore, redis: RedisConnection, keys: Keyspace) => LeaseStore;
}

/**
 * The four ways in which stores are tested; on a cluster the first: leases of their own are kept elsewhere, and what a repeat finds does not
 * depend on the engine.
 */
export const BENCHES: readonly [string, BenchOptions][] = (
  [
    ['FusedStepStore', { kind: 'fused' }],
    ['FusedStepStore, every reply lost once', { kind: 'fused', twice: true }],
    ['SplitStepStore', { kind: 'split' }],
    ['SplitStepStore, every reply lost once', { kind: 'split', twice: true }],
  ] satisfies [string, BenchOptions][]
).slice(0, testEngine().kind === 'cluster' ? 1 : 4);

/** One step store over a namespace of its own, and the means to look behind it. Leases expire when told to: nothing sleeps. */
export class StoreBench {
  readonly prefix = uniquePrefix('store');
  readonly keys = new Keyspace(this.prefix, testEngine().partitions);
  readonly redis = makeClient();
  readonly records: RedisRecordStore;
  readonly watch: RedisWatchStore;
  readonly steps: StepStore;
  readonly leases: LeaseStore;
  /** Where the lease hashes are: beside the records, or under another prefix. */
  readonly leaseKeys: Keyspace;
  private nonces = 0;
  private ids = 0;

  constructor(readonly options: BenchOptions) {
    const { kind, twice = false, ttlMs: leaseTtlMs = TTL_MS } = options;
    const client = twice && !isCluster(this.redis) ? sendingTwice(this.redis, () => this.dump()) : this.redis;
    this.leaseKeys = kind === 'fused' ? this.keys : new Keyspace(`${this.prefix}-lease`, this.keys.partitions);
    const own = new RedisLeaseStore(client, { keyOf: (id) => this.leaseKeys.lease(id) });
    this.leases = options.leases?.(own, this.redis, this.keys) ?? own;
    const common = {
      leaseTtlMs,
      historyLimit: HISTORY_LIMIT,
      retentionMs: 60_000,
      worker: 'bench',
      monotonic: () => performance.now(),
    };
    this.steps =
      kind === 'fused'
        ? new FusedStepStore(client, this.keys, this.leases, common)
        : new SplitStepStore(client, this.keys, this.leases, common);
    this.watch = new RedisWatchStore(client, this.keys, kind === 'fused' ? undefined : this.leases);
    this.records = new RedisRecordStore(client, this.keys);
  }

  async close(): Promise<void> {
    await dropKeys(this.redis, this.prefix);
    this.redis.disconnect();
  }

  /** What a refused verb must leave as it was: everything. */
  async changesNothing<T>(run: () => Promise<T>): Promise<T> {
    const before = await this.dump();
    const result = await run();
    expect(await this.dump()).toEqual(before);
    return result;
  }

  newId(): string {
    return `m${++this.ids}`;
  }

  newNonce(): string {
    return `nonce.${++this.nonces}`;
  }

  /** Starts a machine and gives its first job. */
  async start(request: Partial<StartRequest> = {}, run?: string): Promise<DueJob> {
    const correlationId = request.correlationId ?? this.newId();
    const { job } = await this.records.start({
      request: { machine: 'bench', ...request },
      correlationId,
      runId: run ?? `run-of-${correlationId}`,
      version: 1,
      queue: 'machines',
      maxRetries: 5,
      state: 'pseudo_init',
      event: 'pseudo_init',
      contextJson: '{"a":[]}',
      digest: 'digest',
    });
    return job;
  }

  async claim(job: Job, nonce = this.newNonce()): Promise<Claim> {
    const result = await this.steps.claim(job, nonce);
    if (result.outcome !== 'claimed') throw new Error(`expected a claim, got ${JSON.stringify(result)}`);
    return result.claim;
  }

  /** Starts a machine and claims its first step. */
  async started(): Promise<Claim> {
    return this.claim(await this.start());
  }

  /** Commits and gives the job that follows. */
  async commit(claim: Claim, next: 'queued' | 'delayed' = 'queued'): Promise<DueJob> {
    const result = await this.steps.commit(claim, change(next));
    if (result.outcome !== 'committed' || result.next === 'continue' || !result.job) {
      throw new Error(`expected a commit that rests, got ${JSON.stringify(result)}`);
    }
    return result.job;
  }

  async commitOn(claim: Claim): Promise<Claim> {
    const result = await this.steps.commit(claim, change('continue'));
    if (result.outcome !== 'committed' || result.next !== 'continue') {
      throw new Error(`expected a commit that goes on, got ${JSON.stringify(result)}`);
    }
    return result.claim;
  }

  async fail(claim: Claim): Promise<DueJob> {
    const result = await this.steps.fail(claim, failure('retry'));
    if (result.outcome !== 'failed' || !result.job) throw new Error(`expected a retry, got ${JSON.stringify(result)}`);
    return result.job;
  }

  /** Lets the machine's lease run out, and its watch with it. */
  async expire(id: string): Promise<void> {
    await this.redis.hset(this.leaseKeys.lease(id), 'until', 1);
    await this.makeOverdue(id);
  }

  /** What a failover does: the lease was granted by a server of another identity. */
  async changeIdentity(id: string): Promise<void> {
    await this.redis.hset(this.leaseKeys.lease(id), 'server', 'another');
  }

  /** Of the server as it is now. @param id of a machine: on a cluster others may be elsewhere */
  async identity(id: string): Promise<string> {
    const info = await this.redis.eval("return redis.call('INFO', 'replication')", 1, this.keys.record(id));
    return /master_replid:(\w{16})/.exec(String(info))?.[1] ?? '';
  }

  /** The record, and the lease beside it, are those of a server of another identity. */
  async failOver(id: string): Promise<void> {
    await this.setRecord(id, { server: 'another' });
    await this.redis.eval(
      "if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HSET', KEYS[1], 'server', 'another') end",
      1,
      this.keys.lease(id),
    );
  }

  async makeOverdue(id: string): Promise<void> {
    await this.redis.zadd(this.keys.watch(this.keys.partitionOf(id)), 'XX', 1, id);
  }

  /** The job that the record itself asks for. */
  async jobOf(id: string): Promise<Job> {
    const record = await this.record(id);
    const number = (field: string) => Number(record[field] ?? 0);
    return {
      correlationId: id,
      steps: number('steps'),
      rev: number('rev'),
      retries: number('retries'),
      drive: number('drive'),
      machine: record.machine ?? '',
      version: number('version'),
      queue: record.queue ?? '',
    };
  }

  /** As it is stored, with the numbers that are 0 where they are absent. */
  async record(id: string): Promise<Record<string, string>> {
    const stored = await this.redis.hgetall(this.keys.record(id));
    return Object.keys(stored).length === 0 ? stored : { retries: '0', drive: '0', claims: '0', due: '0', ...stored };
  }

  setRecord(id: string, fields: Record<string, string | number>): Promise<number> {
    return this.redis.hset(this.keys.record(id), fields);
  }

  /** Ms from now at which the watch looks at the machine; null when it does not. */
  async watchedIn(id: string): Promise<number | null> {
    const score = await this.redis.zscore(this.keys.watch(this.keys.partitionOf(id)), id);
    return score === null ? null : Number(score) - (await serverTimeMs(this.redis));
  }

  /** Everything stored under this bench's prefixes. */
  dump(): Promise<Record<string, unknown>> {
    return dumpKeys(this.redis, this.prefix);
  }
}

function makeClient(): RedisConnection {
  const { kind, url } = testEngine();
  if (kind !== 'cluster') return new Redis(url, { maxRetriesPerRequest: null });
  return connect({ url, whenAway: 'wait', onError: () => undefined });
}

export function item(fields: Partial<HistoryItem> = {}): HistoryItem {
  return {
    steps: 0,
    retries: 0,
    fence: 1,
    from: 'a',
    event: 'go',
    to: 'b',
    outcome: 'committed',
    error: null,
    startedAt: new Date(0).toISOString(),
    durationMs: 1,
    worker: 'bench',
    ...fields,
  };
}

export function change(next: Change['next'], fields: Partial<Change> = {}): Change {
  const delayMs = next === 'delayed' ? 60_000 : 0;
  return { next, state: 'b', event: 'go', context: '{"b":1}', item: item(), delayMs, retentionMs: 60_000, ...fields };
}

export function failure(next: Failure['next'], fields: Partial<Failure> = {}): Failure {
  const error = { code: 'BOOM', message: 'boom' };
  return { next, error, item: item({ outcome: 'failed', error }), delayMs: 0, retentionMs: 60_000, ...fields };
}

/** A bench whose leases are on two stores, the seat kept in the record. */
export function failoverBench(
  wrap: { primary?: (store: LeaseStore) => LeaseStore; secondary?: (store: LeaseStore) => LeaseStore },
  onUnavailable: () => void = () => undefined,
): StoreBench {
  return new StoreBench({
    kind: 'split',
    leases: (own, redis, keys) => {
      const other = new RedisLeaseStore(redis, { keyOf: (id) => `${keys.prefix}-second:{${id}}` });
      const [primary, secondary] = [wrap.primary?.(own) ?? own, wrap.secondary?.(other) ?? other];
      return new FailoverLeases(primary, secondary, { placement: new RecordPlacement(redis, keys), onUnavailable });
    },
  });
}
