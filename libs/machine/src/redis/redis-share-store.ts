import type { Job } from '../core/model';
import type { ShareNames, ShareSeen, ShareStore, Turn, TurnResult } from '../core/share-ports';
import { shareName, shareTarget, type ShareLimits, type ShareTarget, type ShareView } from '../core/shares';
import type { Act } from '../core/steering';
import type { RedisConnection } from './connect';
import type { Keyspace } from './keyspace';
import { callScript } from './scripts';
import { packShare, readShare } from './share-text';
import { answered } from './store-error';
import { iso } from './view';

/** Lines that one call looks at, at most: each is some microseconds of Redis' time. */
const LINES = 50;

/** Limits and what counts against them: one slot of the cluster for the whole deployment, so that a limit means the same in all partitions. */
export class RedisShareStore implements ShareStore {
  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
  ) {}

  async put(target: ShareTarget, limits: ShareLimits, act: Act): Promise<ShareView> {
    const name = shareName(target);
    const [seconds] = await answered(this.redis.time());
    const since = iso(Number(seconds) * 1000);
    await answered(this.redis.hset(this.keys.shares, name, packShare({ ...limits, ...act, since })));
    return { ...target, name, ...limits, ...act, since, ...(await this.use(name)) };
  }

  async remove(name: string): Promise<boolean> {
    return (await answered(this.redis.hdel(this.keys.shares, name))) === 1;
  }

  async all(): Promise<readonly ShareView[]> {
    const found: ShareView[] = [];
    for (const [name, text] of Object.entries(await answered(this.redis.hgetall(this.keys.shares)))) {
      const target = shareTarget(name);
      const share = readShare(text);
      if (target && share) found.push({ ...target, name, ...share, ...(await this.use(name)) });
    }
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async names(): Promise<ShareNames> {
    const turns = new Set<string>();
    const starts = new Set<string>();
    for (const [name, text] of Object.entries(await answered(this.redis.hgetall(this.keys.shares)))) {
      const share = readShare(text);
      if (share?.concurrency !== undefined || share?.perSecond !== undefined) turns.add(name);
      if (share?.startsPerSecond !== undefined) starts.add(name);
    }
    return { turns, starts };
  }

  async take({ correlationId, tenant = '-', definition, token }: Turn, job: Job, ttlMs: number): Promise<TurnResult> {
    const args = [correlationId, tenant, definition, token, JSON.stringify(job), Math.ceil(ttlMs)];
    const [outcome, ...rest] = await this.call('share-take', args);
    if (outcome !== 'wait') return { outcome: outcome === 'free' ? 'free' : 'taken', woken: jobsOf(rest) };
    const [name = '', ...jobs] = rest;
    return { outcome, name, woken: jobsOf(jobs) };
  }

  async give({ tenant = '-', definition, token }: Turn): Promise<readonly Job[]> {
    const [, ...jobs] = await this.call('share-give', [token, tenant, definition]);
    return jobsOf(jobs);
  }

  async putOff(id: string, ms: number): Promise<void> {
    const keys = [this.keys.record(id), this.keys.watch(this.keys.partitionOf(id))];
    await answered(callScript(this.redis, 'put-off', keys, [id, ms]));
  }

  async renew(turns: readonly Turn[], ttlMs: number): Promise<void> {
    const args = turns.flatMap(({ token, tenant = '-', definition }) => [token, tenant, definition]);
    await this.call('share-renew', [Math.ceil(ttlMs), ...args]);
  }

  async tend(): Promise<{ woken: readonly Job[]; lines: number; nextMs?: number }> {
    const [, next, lines, ...jobs] = await this.call('share-tend', [LINES]);
    return { woken: jobsOf(jobs), lines: Number(lines), ...(Number(next) < 0 ? {} : { nextMs: Number(next) }) };
  }

  async look(correlationId: string): Promise<ShareSeen | undefined> {
    const [outcome, name = '', inUse, slots, gap, before] = await this.call('share-look', [correlationId]);
    if (outcome !== 'waits') return undefined;
    const perSecond = Number(gap) === 0 ? 0 : 1_000_000 / Number(gap);
    return { name, inUse: Number(inUse), concurrency: Number(slots), perSecond, before: Number(before) };
  }

  async admit(
    starts: readonly { name: string; count: number; perSecond?: number }[],
  ): Promise<{ name: string; afterMs: number } | undefined> {
    const args = starts.flatMap(({ name, count, perSecond }) => [
      name,
      count,
      perSecond ? Math.round(1_000_000 / perSecond) : '',
    ]);
    const [outcome, name = '', ms] = await this.call('starts', args);
    return outcome === 'wait' ? { name, afterMs: Number(ms) } : undefined;
  }

  private call(script: Parameters<typeof callScript>[1], args: readonly (string | number)[]) {
    return answered(callScript(this.redis, script, [this.keys.shares], args));
  }

  private async use(name: string): Promise<Pick<ShareView, 'inUse' | 'waiting'>> {
    if (name.endsWith(':*')) return { inUse: null, waiting: null };
    const tag = this.keys.shares.slice(0, this.keys.shares.indexOf('}') + 1);
    const [[seconds], waiting] = await answered(Promise.all([this.redis.time(), this.redis.zcard(`${tag}:line:${name}`)]));
    const inUse = await answered(this.redis.zcount(`${tag}:use:${name}`, Number(seconds) * 1000, '+inf'));
    return { inUse, waiting };
  }
}

function jobsOf(texts: readonly string[]): Job[] {
  return texts.map((text) => JSON.parse(text) as Job);
}
