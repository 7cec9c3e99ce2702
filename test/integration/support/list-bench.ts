import { RedisLeaseStore } from '@stile/lease';
import { Redis } from 'ioredis';
import type { SteerAct } from '../../../libs/machine/src/core/message-ports';
import type { DueJob, MachineView, StartRequest } from '../../../libs/machine/src/core/model';
import type { Change, Claim } from '../../../libs/machine/src/core/ports';
import { FusedStepStore } from '../../../libs/machine/src/redis/fused-step-store';
import { Keyspace } from '../../../libs/machine/src/redis/keyspace';
import { RedisMachineListing } from '../../../libs/machine/src/redis/listing/redis-machine-listing';
import { makeStores } from '../../../libs/machine/src/redis/redis-stores';
import { RedisWatchStore } from '../../../libs/machine/src/redis/redis-watch-store';
import { listsDisagree } from '../../chaos/src/rig/read-indexes';
import { adminOf } from '../../support/admin';
import { testRedisUrl, uniquePrefix } from '../../support/redis';
import { dumpKeys } from './dump-keys';
import { change, failure, item } from './store-bench';

const RETENTION_MS = 60_000;

/** Machines over three partitions, moved about by the stores' own calls, and lists of them. */
export class ListBench {
  readonly prefix = uniquePrefix('listing');
  readonly keys = new Keyspace(this.prefix, 3);
  readonly redis = new Redis(testRedisUrl(), { maxRetriesPerRequest: null });
  readonly listing = new RedisMachineListing(this.redis, this.keys);
  readonly watch = new RedisWatchStore(this.redis, this.keys);
  readonly stores = makeStores(this.redis, this.keys, 5);
  readonly steps = new FusedStepStore(
    this.redis,
    this.keys,
    new RedisLeaseStore(this.redis, { keyOf: (id) => this.keys.lease(id) }),
    { leaseTtlMs: 60_000, historyLimit: 5, retentionMs: RETENTION_MS, worker: 'bench', monotonic: () => performance.now() },
  );
  private nonces = 0;

  async close(): Promise<void> {
    const keys = Object.keys(await this.dump());
    if (keys.length > 0) await this.redis.del(keys);
    this.redis.disconnect();
  }

  dump(): Promise<Record<string, unknown>> {
    return dumpKeys(this.redis, this.prefix);
  }

  async start(correlationId: string, request: Partial<StartRequest> = {}): Promise<DueJob> {
    const { machine = 'order', version = 1 } = request;
    const { job } = await this.stores.records.start({
      ...{ request: { machine, ...request }, correlationId, version, runId: `run-of-${correlationId}`, queue: 'machines' },
      ...{ maxRetries: 5, state: 'pseudo_init', event: 'pseudo_init', contextJson: '{}', digest: 'digest' },
    });
    return job;
  }

  async claim(job: DueJob | undefined): Promise<Claim> {
    if (!job) throw new Error('there is no job');
    const result = await this.steps.claim(job, `n${++this.nonces}`);
    if (result.outcome !== 'claimed') throw new Error(`expected a claim, got ${JSON.stringify(result)}`);
    return result.claim;
  }

  /** Commits, and gives the job or the claim that follows. */
  async commit(claim: Claim, next: Change['next'], fields: Partial<Change> = {}): Promise<DueJob | Claim | undefined> {
    const { steps, retries, fence } = claim;
    const result = await this.steps.commit(
      claim,
      change(next, { retentionMs: RETENTION_MS, item: item({ steps, retries, fence }), ...fields }),
    );
    return 'claim' in result ? result.claim : 'job' in result ? result.job : undefined;
  }

  async fail(claim: Claim, message: string, to = 'b', next: 'retry' | 'failed' = 'failed'): Promise<DueJob | undefined> {
    const error = { code: 'BOOM', message };
    const failed = item({ outcome: 'failed', error, to });
    const result = await this.steps.fail(claim, failure(next, { error, item: failed, retentionMs: RETENTION_MS }));
    return 'job' in result ? result.job : undefined;
  }

  /** Starts a machine and lets it fail for good. */
  async failed(id: string, message: string, request: Partial<StartRequest> = {}): Promise<void> {
    await this.fail(await this.claim(await this.start(id, request)), message);
  }

  async act(id: string, act: SteerAct): Promise<DueJob | undefined> {
    const result = await this.stores.steering.steer(id, act, `n${++this.nonces}`, {});
    return 'job' in result ? result.job : undefined;
  }

  /** Lets the time of keeping of some ended machines pass. @returns how many are gone */
  async retire(...ids: string[]): Promise<number> {
    let gone = 0;
    for (const id of ids) await this.redis.zadd(this.keys.retention(this.keys.partitionOf(id)), 'XX', 1, id);
    for (let partition = 0; partition < this.keys.partitions; partition++) {
      gone += (await this.watch.retire(partition, 1000)).dropped;
    }
    return gone;
  }

  async view(id: string): Promise<MachineView | undefined> {
    return this.stores.records.get(id);
  }

  /** What does not agree in lists and records. */
  async disagreements(): Promise<string[]> {
    const all = [0, 1, 2].map((partition) => listsDisagree(adminOf(this.redis), this.keys.tag(partition)));
    return (await Promise.all(all)).flat();
  }
}
