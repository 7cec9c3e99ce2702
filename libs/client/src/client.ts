import { AuditClient } from './audit-client';
import { backoffMs } from './backoff';
import { DefinitionsClient } from './definitions-client';
import { queryOfFilter, type MachineFilter } from './filter';
import { HoldsClient } from './holds-client';
import { LimitsClient } from './limits-client';
import { streamMachine, type StreamEvent, type StreamOptions } from './machine-stream';
import { OperationsClient } from './operations-client';
import { randomId } from './random-id';
import { SchedulesClient } from './schedules-client';
import { startBatches } from './start-batches';
import { machinePath, SteeringClient, type ActOptions } from './steering-client';
import { Transport, type TransportOptions } from './transport';
import type {
  BulkItem,
  BulkOutcome,
  CallOptions,
  Child,
  EventReceipt,
  Explanation,
  FailureGroup,
  HistoryItem,
  InboxItem,
  Machine,
  MachineCount,
  MachinePage,
  MachineSummary,
  Ready,
  StartMachine,
  WorkerView,
} from './types';
import { hasEnded } from './types';

export type StileClientOptions = TransportOptions;

export interface SendOptions extends CallOptions {
  readonly data?: unknown;
  /** The sender's own name of the event: the same one twice is one event, so only with it a lost answer is asked for again. */
  readonly dedupeId?: string;
}

/** Of one definition, or of all. */
export interface DefinitionOptions extends CallOptions {
  readonly machine?: string;
  readonly version?: number;
}

export interface ReplayOptions extends ActOptions {
  /** Number of the step to begin with: `steps` of its history item. @default 0 */
  readonly step?: number;
  /** Of the new machine. @default a new UUID */
  readonly correlationId?: string;
}

/** One poll of `wait`, ms: below what proxies cut. */
const POLL_MS = 25_000;
/** A poll that was answered sooner than this was not waited for: the server is closing, and the next one is soon asked. */
const EARLY_MS = 1000;
const HISTORY_PAGE = 500;
const LIST_PAGE = 200;

/**
 * Client of the HTTP API, in Node and in browsers. All calls throw StileApiError when the API refuses and StileConnectionError when nothing
 * answers. Requests are sent again, after a full-jitter delay, where an answer was lost or the store is away and a repeat is safe, and after its
 * `Retry-After` where it was too much for now (429).
 */
export class StileClient extends SteeringClient {
  readonly definitions: DefinitionsClient;
  readonly operations: OperationsClient;
  readonly schedules: SchedulesClient;
  readonly holds: HoldsClient;
  readonly audit: AuditClient;
  readonly limits: LimitsClient;

  /** @throws TypeError where `url` is none */
  constructor(options: StileClientOptions) {
    new URL(options.url);
    super(new Transport(options));
    this.definitions = new DefinitionsClient(this.transport);
    this.operations = new OperationsClient(this.transport);
    this.schedules = new SchedulesClient(this.transport);
    this.holds = new HoldsClient(this.transport);
    this.audit = new AuditClient(this.transport);
    this.limits = new LimitsClient(this.transport);
  }

  /** Where the API is, without a slash at the end. */
  get url(): string {
    return this.transport.url;
  }

  /** Starts a machine, once: the same id with the same payload again gives the existing one. An id is made up where none is given. */
  start(machine: StartMachine, { signal }: CallOptions = {}): Promise<Machine> {
    const body = { ...machine, correlationId: machine.correlationId ?? randomId() };
    return this.transport.json({ method: 'POST', path: '/v1/machines', body, repeatable: true, signal });
  }

  /** Starts any number of machines of one definition, in several requests where there are many. @returns an outcome for each, in order */
  startMany(machine: string, items: readonly BulkItem[], { signal }: CallOptions = {}): Promise<BulkOutcome[]> {
    return startBatches(this.transport, machine, items, signal);
  }

  /** Sends it an event, which waits in its inbox until a state takes it. */
  send(id: string, event: string, { data, dedupeId, signal }: SendOptions = {}): Promise<EventReceipt> {
    const body = { event, data, dedupeId };
    const repeatable = dedupeId !== undefined;
    return this.transport.json({ method: 'POST', path: machinePath(id, '/events'), body, repeatable, signal });
  }

  get(id: string, { signal }: CallOptions = {}): Promise<Machine> {
    return this.transport.json({ method: 'GET', path: machinePath(id), repeatable: true, signal });
  }

  /**
   * The machine as soon as it has ended, over as many requests as that takes.
   *
   * @param options.timeoutMs after it the machine is given as it is: see `finishedAt`. @default for ever
   */
  async wait(id: string, { timeoutMs = Infinity, signal }: CallOptions & { readonly timeoutMs?: number } = {}): Promise<Machine> {
    const began = performance.now();
    for (let early = 0; ;) {
      const askedAt = performance.now();
      const waitMs = Math.max(0, Math.min(POLL_MS, Math.ceil(timeoutMs - (askedAt - began))));
      const query = { wait: waitMs };
      const machine = await this.transport.json<Machine>({
        ...{ method: 'GET', path: machinePath(id), query, repeatable: true },
        ...{ waitMs, signal },
      });
      const now = performance.now();
      if (hasEnded(machine) || now - began >= timeoutMs) return machine;
      early = now - askedAt < EARLY_MS ? early + 1 : 0;
      const { random, sleep } = this.transport.parts;
      if (early > 0) await sleep(Math.min(backoffMs(early, random), timeoutMs - (now - began)), signal);
    }
  }

  /** What happened to it, oldest first, page by page. Items that are kept no more leave a gap in `number`. */
  async *history(
    id: string,
    options: CallOptions & { readonly after?: number } = {},
  ): AsyncGenerator<HistoryItem, void, undefined> {
    let { after = 0 } = options;
    for (;;) {
      const { items } = await this.transport.json<{ items: HistoryItem[] }>({
        ...{ method: 'GET', path: machinePath(id, '/history'), query: { after, limit: HISTORY_PAGE } },
        ...{ repeatable: true, signal: options.signal },
      });
      yield* items;
      if (items.length < HISTORY_PAGE) return;
      after = (items.at(-1) as HistoryItem).number;
    }
  }

  /** What happens to it, as it happens, until it has ended. */
  stream(id: string, options: StreamOptions = {}): AsyncGenerator<StreamEvent, void, undefined> {
    return streamMachine(this.transport, machinePath(id, '/stream'), options);
  }

  /** Machines that it has started, in order. */
  async children(
    id: string,
    { signal, ...query }: CallOptions & { readonly group?: string; readonly from?: number; readonly limit?: number } = {},
  ): Promise<Child[]> {
    const call = { method: 'GET', path: machinePath(id, '/children'), query, repeatable: true, signal } as const;
    return (await this.transport.json<{ items: Child[] }>(call)).items;
  }

  /** Events that wait for a state to take them, oldest first. */
  async inbox(id: string, { signal }: CallOptions = {}): Promise<InboxItem[]> {
    const call = { method: 'GET', path: machinePath(id, '/inbox'), repeatable: true, signal } as const;
    return (await this.transport.json<{ items: InboxItem[] }>(call)).items;
  }

  /** Drops one of them. */
  dropEvent(id: string, item: number, { signal }: CallOptions = {}): Promise<void> {
    return this.transport.done({ method: 'DELETE', path: machinePath(id, `/inbox/${item}`), repeatable: false, signal });
  }

  /** Why it does not move, or that it does. */
  explain(id: string, { signal }: CallOptions = {}): Promise<Explanation> {
    return this.transport.json({ method: 'GET', path: machinePath(id, '/explain'), repeatable: true, signal });
  }

  /** Starts a new machine from a recorded step of an old one, once. */
  replay(id: string, { signal, correlationId = randomId(), ...rest }: ReplayOptions = {}): Promise<Machine> {
    const body = { ...rest, correlationId };
    return this.transport.json({ method: 'POST', path: machinePath(id, '/replay'), body, repeatable: true, signal });
  }

  /** Machines, newest first; by id where an id's prefix is asked for. */
  async *list(filter: MachineFilter = {}, { signal }: CallOptions = {}): AsyncGenerator<MachineSummary, void, undefined> {
    let cursor: string | undefined;
    do {
      const page = await this.page(filter, { cursor, limit: LIST_PAGE, signal });
      yield* page.items;
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
  }

  /**
   * One page of the list, which may be short, even empty, with more to come.
   *
   * @param options.limit 1 to 200. @default 50
   * @param options.archived instead of the machines that are kept: those that have gone into the archive. @default false
   */
  page(
    filter: MachineFilter = {},
    {
      cursor,
      limit,
      archived,
      signal,
    }: CallOptions & { readonly cursor?: string; readonly limit?: number; readonly archived?: boolean } = {},
  ): Promise<MachinePage> {
    const query = { ...queryOfFilter(filter), cursor, limit, archived: archived ? 'true' : undefined };
    return this.transport.json({ method: 'GET', path: '/v1/machines', query, repeatable: true, signal });
  }

  /** How many machines there are, by definition, status and state. */
  counts(options: DefinitionOptions = {}): Promise<MachineCount[]> {
    return this.items('/v1/counts', options);
  }

  /** Failed machines whose errors are alike, the largest group first. */
  failures(options: DefinitionOptions = {}): Promise<FailureGroup[]> {
    return this.items('/v1/failures', options);
  }

  /** @throws StileApiError NOT_READY where a start would get nowhere, saying what is missing */
  ready({ signal }: CallOptions = {}): Promise<Ready> {
    return this.transport.json({ method: 'GET', path: '/health/ready', repeatable: true, signal });
  }

  workers(options: CallOptions = {}): Promise<WorkerView[]> {
    return this.items('/v1/workers', options);
  }

  private async items<T>(path: string, { machine, version, signal }: DefinitionOptions): Promise<T[]> {
    const call = { method: 'GET', path, query: { machine, version }, repeatable: true, signal } as const;
    return (await this.transport.json<{ items: T[] }>(call)).items;
  }
}
