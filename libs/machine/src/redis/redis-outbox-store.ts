import type { RedisConnection } from './connect';
import type { ChildResult, ChildView } from '../core/children';
import type { ChildBatch, ChildrenAsked, OutboxItem, OutboxStore, ReadOfRun, ReadOn, ResultReceipt } from '../core/message-ports';
import { noCipher, type PayloadCipher, type Seal } from '../core/payload-cipher';
import type { ChildSpec } from '../core/ports';
import { SealedError } from '../core/sealed-error';
import { childId } from '../core/child-id';
import type { Keyspace } from './keyspace';
import { openData, packResult, untold } from './open-texts';
import { serverFor, tellServer } from './read-on';
import { readJob } from './replies';
import { callScript } from './scripts';
import { answered, refuseMoved } from './store-error';

/** Of children that have not ended, as far as their parent knows. */
const OPEN = new Set<ChildView['outcome']>(['running', 'pending']);
/** Groups, or results of children, that are read at a time: each result may have hundreds of kilobytes. */
const PIECE = 100;

/** A group of children. */
interface GroupHead {
  readonly group: string;
  /** The parent's. */
  readonly run: string;
  readonly machine: string;
  readonly total: number;
  readonly started: number;
  /** The id that a single child was given. */
  readonly own?: string;
}

/** What commits have left to be delivered, and the children of machines. */
export class RedisOutboxStore implements OutboxStore {
  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
    private readonly cipher: PayloadCipher = noCipher,
  ) {}

  async read(id: string, limit: number): Promise<readonly OutboxItem[]> {
    const keys = [this.keys.outbox(id), this.keys.record(id)];
    const [identity, runId = '', ...items] = await callScript(this.redis, 'outbox-read', keys, [limit]);
    const read = { server: tellServer(this.redis, this.keys, id, identity), runId };
    const seal = await this.cipher.of(id);
    return items.map((raw) => readItem(raw, read, seal));
  }

  async settle(id: string, items: readonly OutboxItem[]): Promise<void> {
    const [first] = items;
    if (!first) return;
    const args = [id, this.serverFor(id, first), first.runId, ...items.map(({ raw }) => raw)];
    const [reply] = await callScript(this.redis, 'settle', this.keys.ofMachine(id), args);
    refuseMoved(reply);
  }

  async nextChildren(id: string, limit: number): Promise<readonly ChildBatch[]> {
    const reply = await callScript<string[][]>(this.redis, 'children-next', this.keys.ofMachine(id), [limit]);
    const [[identity = '', runId = ''] = [], ...found] = reply;
    const server = tellServer(this.redis, this.keys, id, identity);
    if (found.length === 0) return [];
    const seal = await this.cipher.of(id);
    return found.map(([group = '', spec = '{}', from = '0', ...children]) => ({
      server,
      runId,
      group,
      spec: JSON.parse(spec) as ChildSpec,
      from: Number(from),
      children: children.map((text) => {
        const space = text.indexOf(' ');
        return { correlationId: text.slice(0, space), context: seal.open(text.slice(space + 1), 'child') };
      }),
    }));
  }

  async started(id: string, group: string, count: number, read: ReadOfRun): Promise<void> {
    const args = [id, group, count, this.serverFor(id, read), read.runId];
    const [reply] = await callScript(this.redis, 'children-started', this.keys.ofMachine(id), args);
    refuseMoved(reply);
  }

  async unwantedChildren(id: string, { group, begun }: { group: string; begun: number }): Promise<readonly string[]> {
    const head = await this.headOf(id, group);
    const end = head.machine === '' ? 0 : Math.max(head.total, begun); // some may have begun that nobody has noted
    const children = await this.childrenOf(id, head, 0, end);
    return children.filter(({ outcome }) => OPEN.has(outcome)).map(({ correlationId }) => correlationId);
  }

  async result(
    parent: Parameters<OutboxStore['result']>[0],
    outcome: 'completed' | 'failed' | 'cancelled',
    resultJson: string,
    on: ReadOn,
    traceparent = '',
  ): Promise<ResultReceipt> {
    const { correlationId: id, runId, group, index } = parent;
    const sealed = packResult(resultJson, await this.cipher.of(id));
    const args = [id, runId, group, index, outcome, sealed, this.serverFor(id, on), traceparent];
    const [reply, more, ...job] = await callScript(this.redis, 'child-result', this.keys.ofMachine(id), args);
    refuseMoved(reply);
    if (reply === 'counted') return { outcome: reply, more: more === '1', job: readJob(id, job) };
    return { outcome: reply === 'duplicate' ? 'duplicate' : 'gone' };
  }

  /** Children of a machine, group by group; nothing when there is no such machine. No more is read than is asked for: a group may have 20,000. */
  async list(id: string, { group, from = 0, limit = Infinity }: ChildrenAsked = {}): Promise<readonly ChildView[] | undefined> {
    const key = this.keys.children(id);
    const [groups, exists] = await answered(
      Promise.all([this.redis.hget(key, 'groups'), this.redis.exists(this.keys.record(id))]),
    );
    if (exists === 0) return undefined;
    const names = (groups ?? '').split(' ').filter((name) => name !== '' && (group === undefined || name === group));
    const found: ChildView[][][] = [];
    let place = 0; // of a group's first child, over all groups
    for (let first = 0; first < names.length && place < from + limit; first += PIECE) {
      const heads = await Promise.all(names.slice(first, first + PIECE).map((name) => this.headOf(id, name)));
      const parts = heads.map((head) => {
        const [begin, end] = [Math.max(0, from - place), Math.min(head.total, from + limit - place)];
        place += head.total;
        return this.childrenOf(id, head, begin, end);
      });
      found.push(await Promise.all(parts));
    }
    return found.flat(2);
  }

  /** Results so far, in order. */
  async results(id: string, group: string): Promise<readonly ChildResult[]> {
    const total = Number((await answered(this.redis.hget(this.keys.children(id), `${group}:total`))) ?? 0);
    const results: ChildResult[] = [];
    const seal = await this.cipher.of(id);
    for (let from = 0; from < total; from += 1000) {
      const texts = await this.resultsOf(id, group, from, Math.min(total, from + 1000));
      results.push(...texts.filter((text) => text !== null).map((text) => JSON.parse(openData(text, seal)) as ChildResult));
    }
    return results;
  }

  private serverFor(id: string, { server }: ReadOn): string {
    return serverFor(this.redis, this.keys, id, server);
  }

  private async headOf(id: string, group: string): Promise<GroupHead> {
    const fields = ['spec', 'total', 'started', 'single'].map((name) => `${group}:${name}`);
    const [[spec, total, started, single], run] = await answered(
      Promise.all([this.redis.hmget(this.keys.children(id), ...fields), this.redis.hget(this.keys.record(id), 'run')]),
    );
    const { machine, correlationId } = JSON.parse(spec ?? '{}') as Partial<ChildSpec>;
    return {
      ...{ group, run: run ?? '', machine: machine ?? '', total: spec ? Number(total ?? 0) : 0, started: Number(started ?? 0) },
      ...(single === '1' && correlationId !== undefined ? { own: correlationId } : {}),
    };
  }

  /** Piece by piece: a result has the context that a child has ended with, of which nothing is kept here. */
  private async childrenOf(id: string, head: GroupHead, begin: number, end: number): Promise<ChildView[]> {
    const { group, run, machine, started, own } = head;
    const seal = await this.cipher.of(id);
    const found: ChildView[] = [];
    for (let from = begin; from < end; from += PIECE) {
      const texts = await this.resultsOf(id, group, from, Math.min(end, from + PIECE));
      texts.forEach((text, i) => {
        const index = from + i;
        const result = text === null ? undefined : (JSON.parse(openData(text, seal, untold)) as ChildResult);
        const correlationId = own ?? childId({ correlationId: id, runId: run }, group, index);
        const outcome = result?.outcome ?? (index < started ? 'running' : 'pending');
        found.push({ group, index, correlationId, machine, outcome, error: result?.error ?? null });
      });
    }
    return found;
  }

  private resultsOf(id: string, group: string, from: number, to: number): Promise<(string | null)[]> {
    const fields = Array.from({ length: to - from }, (_, i) => `${group}:r:${from + i}`);
    return answered(this.redis.hmget(this.keys.children(id), ...fields));
  }
}

/** A message that nobody can read any more goes nowhere; one that this process cannot read waits for another. @throws SealedError */
function readItem(raw: string, read: ReadOfRun, seal: Seal): OutboxItem {
  const [kind, first = '', to = '', event = ''] = raw.split(' ', 4);
  if (kind === 'message') {
    const sealed = raw.slice(`message ${first} ${to} ${event} `.length);
    const [number, traceparent] = first.split('/');
    try {
      const data = seal.open(sealed, 'message');
      return {
        ...read,
        raw,
        kind,
        number: Number(number),
        to,
        event,
        data,
        ...(traceparent === undefined ? {} : { traceparent }),
      };
    } catch (error) {
      if (!(error instanceof SealedError) || error.because === 'no key') throw error;
      return { ...read, raw, kind: 'lost', to, event, why: error.message };
    }
  }
  if (kind === 'cancel') return { ...read, raw, kind, group: first, begun: Number(to) };
  return { ...read, raw, kind: 'result', outcome: first === 'failed' || first === 'cancelled' ? first : 'completed' };
}
