import type { RedisConnection } from './connect';
import type { DueJob } from '../core/model';
import { noCipher, type PayloadCipher } from '../core/payload-cipher';
import { countedAs, placeText } from '../core/place';
import type { Change, Claim, CommitResult, Failure, FailResult, Moved, Note } from '../core/ports';
import { packGroup, packMessage, packTakes, packTimers } from './effects';
import { FAILURES, groupOf } from './failure-group';
import { askTogether, type Ask } from './grouped-reads';
import { shorten } from './history-item';
import { packItem } from './history-text';
import type { Keyspace } from './keyspace';
import { packError } from './open-texts';
import { readCommit, readFail, readJob } from './replies';
import { callScript } from './scripts';
import { answered } from './store-error';

export interface StepStoreOptions {
  /** How long a lease lasts between renewals, ms. */
  readonly leaseTtlMs: number;
  /** Items that a machine's history keeps; older ones are dropped (B1). */
  readonly historyLimit: number;
  /** How long a machine is kept that ends while no worker knows its definition, ms. */
  readonly retentionMs: number;
  /** Name of this worker, as history and the record show it. */
  readonly worker: string;
  /** Monotonic ms. */
  readonly monotonic: () => number;
}

/** The verbs against the record; shared by the fused and the split store, which differ in `leaseHere`. */
export class RecordScripts {
  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
    private readonly options: StepStoreOptions,
    private readonly leaseHere: boolean,
    private readonly cipher: PayloadCipher = noCipher,
  ) {}

  async commit(claim: Claim, change: Change): Promise<CommitResult> {
    const { correlationId: id, fence, nonce, steps, runId } = claim;
    const { next, state, event, context, item, trace, delayMs, retentionMs, rest, effects } = change;
    const { leaseTtlMs, historyLimit, monotonic } = this.options;
    const found = this.cipher.of(id);
    const seal = found instanceof Promise ? await found : found;
    const sentAt = monotonic();
    const [contextText, itemJson] = [seal.seal(context, 'context'), packItem(shorten(item), trace, seal)];
    const here = this.leaseHere ? 1 : 0;
    if (!claim.more && !effects && (next === 'queued' || next === 'delayed' || next === 'completed')) {
      const keys = this.keys.ofMachine(id).slice(0, 5);
      const { machine, version } = claim;
      const place = placeText({ machine, version, status: countedAs(next), state });
      const args = [id, fence, nonce, steps, next, state, event, contextText, itemJson, delayMs, retentionMs, historyLimit, here];
      const reply = await callScript(this.redis, 'rest', keys, [...args, place, claim.now]);
      if (reply[0] === 'committed') return readCommit(claim, change, sentAt, reply, seal);
    }
    const messages = (effects?.messages ?? []).map((message, i) => packMessage(claim, message, i, seal, effects?.traceparent));
    const reply = await callScript(this.redis, 'commit', this.keys.ofMachine(id), [
      ...[
        id,
        fence,
        nonce,
        steps,
        next,
        state,
        event,
        contextText,
        itemJson,
        delayMs,
        leaseTtlMs,
        retentionMs,
        historyLimit,
        here,
      ],
      ...[rest?.stayed ? 0 : claim.now, rest?.goOn ? 1 : 0, packTakes(rest), packTimers(rest), runId],
      ...[messages.length, ...messages],
      ...(effects?.groups ?? []).flatMap((group) => packGroup(group, seal, effects?.traceparent)),
    ]);
    return reply[0] === 'moved' ? this.handBack(claim) : readCommit(claim, change, sentAt, reply, seal);
  }

  async fail(claim: Claim, failure: Failure): Promise<FailResult> {
    const { correlationId: id, fence, nonce, steps, retries, runId } = claim;
    const { next, error, item, trace, delayMs, retentionMs, traceparent } = failure;
    const seal = await this.cipher.of(id);
    const group = next === 'failed' ? groupOf(claim, failure, await this.cipher.shared(id, FAILURES)) : ['', ''];
    const reply = await callScript(this.redis, 'fail', this.keys.ofMachine(id), [
      ...[
        id,
        fence,
        nonce,
        steps,
        retries,
        next,
        packError(error, seal),
        packItem(shorten(item), trace, seal),
        delayMs,
        retentionMs,
      ],
      ...[this.options.historyLimit, this.leaseHere ? 1 : 0, ...group],
      ...[traceparent === undefined ? '' : `${steps} ${traceparent}`, runId],
    ]);
    return reply[0] === 'moved' ? this.handBack(claim) : readFail(claim, delayMs, reply);
  }

  /** A crash before this: the watch has the claim's lease. Whoever was faster: nothing is handed back. */
  private async handBack(claim: Claim): Promise<Moved> {
    return { outcome: 'moved', job: await this.release(claim) };
  }

  async release(claim: Claim, hold = ''): Promise<DueJob | undefined> {
    const { correlationId: id, fence, nonce, steps, runId } = claim;
    const { retentionMs, historyLimit } = this.options;
    const keys = [...this.keys.ofMachine(id), this.keys.held(this.keys.partitionOf(id), hold)];
    const args = [id, fence, nonce, steps, this.leaseHere ? 1 : 0, retentionMs, historyLimit, hold, runId];
    const [outcome, ...tail] = await callScript(this.redis, 'release', keys, args);
    return outcome === 'released' ? readJob(id, tail) : undefined;
  }

  /** Does what was asked of a machine whose worker is gone; gives the job that follows, if any. */
  async stopAsAsked(id: string): Promise<DueJob | undefined> {
    const { retentionMs, historyLimit } = this.options;
    const args = [id, this.leaseHere ? 1 : 0, retentionMs, historyLimit];
    const [, ...tail] = await callScript(this.redis, 'stop', this.keys.ofMachine(id), args);
    return readJob(id, tail);
  }

  async note(claim: Claim, note: Note): Promise<boolean> {
    const { correlationId: id, fence, nonce, steps, runId } = claim;
    const args = [fence, nonce, steps, runId, note.kind];
    const seal = await this.cipher.of(id);
    if (note.kind === 'result') args.push(note.key, seal.seal(note.json, `result ${note.key}`));
    else if (note.kind === 'beat') args.push(seal.seal(note.json, 'beat'));
    else args.push(note.hash, note.ttlMs, note.failed);
    const [outcome] = await answered(callScript(this.redis, 'note', this.keys.ofMachine(id), args));
    return outcome === 'noted';
  }

  async notes({ correlationId: id }: Claim): Promise<{ results: ReadonlyMap<string, string>; heartbeat?: string }> {
    const [results, heartbeat] = await answered(
      Promise.all([this.redis.hgetall(this.keys.results(id)), this.redis.hget(this.keys.record(id), 'beat')]),
    );
    const seal = await this.cipher.of(id);
    const opened = Object.entries(results).map(([key, text]): [string, string] => [key, seal.open(text, `result ${key}`)]);
    return { results: new Map(opened), ...(heartbeat === null ? {} : { heartbeat: seal.open(heartbeat, 'beat') }) };
  }

  async lookAt(claims: readonly Claim[]): Promise<readonly ('cancel' | 'gone' | undefined)[]> {
    const asks = claims.map(({ correlationId: id }): Ask => {
      const key = this.keys.record(id);
      return { key, ask: (pipeline) => pipeline.hmget(key, 'status', 'cancel', 'nonce') };
    });
    const replies = await askTogether(this.redis, asks);
    return claims.map(({ nonce }, i) => {
      const [error, fields] = replies[i] ?? [];
      if (error || !Array.isArray(fields)) return undefined;
      const [status, cancel, holder] = fields as (string | null)[];
      if (status !== 'running' || holder !== nonce) return 'gone';
      return cancel === 'graceful' ? 'cancel' : undefined;
    });
  }
}
