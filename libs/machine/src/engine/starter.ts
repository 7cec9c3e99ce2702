import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { DEFAULT_INBOX_LIMIT, PSEUDO_INIT, type Definition } from '../core/definition';
import { StileError, UnknownMachineError, UnknownVersionError } from '../core/errors';
import { toJson } from '../core/json';
import { Machines } from '../core/machines';
import type { CheckedStart, JobQueue, RecordStore } from '../core/ports';
import type { Counters } from '../core/counts';
import type { DueJob, HistoryItem, MachineView, ParentLink, ReplayOrigin, StartRequest, StartResult } from '../core/model';
import type { DefinitionCatalog } from '../core/ports';
import type { ChildView } from '../core/children';
import type { Json } from '../core/step';
import type { ChildrenAsked, OutboxStore } from '../core/message-ports';
import { checkFields, checkOrigin } from './check-start';
import type { EndWaiter } from './end-waiter';
import { ChildTooDeepError } from '../core/limit-errors';
import { defaultLimits, type Limits } from '../core/limits';
import type { EngineLog } from './options';
import type { StartGate } from './start-gate';
import type { Tracer } from './tracing';

type ManyResult = StartResult | { outcome: 'rejected'; correlationId?: string; error: StileError };

/** Checks starts against published definitions, writes the record, then queues its job. No user code is needed. */
export class MachineStarter extends Machines {
  constructor(
    private readonly records: RecordStore,
    private readonly catalog: DefinitionCatalog,
    private readonly queue: JobQueue,
    private readonly counters: Counters,
    private readonly log: EngineLog,
    private readonly outbox: Pick<OutboxStore, 'list'>,
    private readonly waiter: EndWaiter,
    private readonly tracer?: Pick<Tracer, 'active'>,
    private readonly gate?: StartGate,
    private readonly limits: Limits = defaultLimits,
  ) {
    super();
  }

  async start(request: StartRequest): Promise<StartResult> {
    await this.admit(request);
    const { result, job } = await this.begin(request);
    await this.enqueue(result.outcome === 'created' ? [job] : []);
    return result;
  }

  async startMany(requests: readonly StartRequest[]): Promise<readonly ManyResult[]> {
    const jobs: DueJob[] = [];
    const refused = (await this.gate?.admit(requests)) ?? [];
    const results = await Promise.all(
      requests.map(async (request, i): Promise<ManyResult> => {
        try {
          if (refused[i]) throw refused[i];
          const { result, job } = await this.begin(request);
          if (result.outcome === 'created') jobs.push(job);
          return result;
        } catch (error) {
          if (!(error instanceof StileError)) throw error;
          return { outcome: 'rejected', correlationId: request.correlationId, error };
        }
      }),
    );
    await this.enqueue(jobs);
    return results;
  }

  get(correlationId: string): Promise<MachineView | undefined> {
    return this.records.get(correlationId);
  }
  history(correlationId: string): Promise<readonly HistoryItem[] | undefined> {
    return this.records.history(correlationId);
  }
  historyAfter(correlationId: string, after: number, limit?: number): ReturnType<Machines['historyAfter']> {
    return this.records.historyAfter(correlationId, after, limit);
  }
  async wait(correlationId: string, timeoutMs: number, signal?: AbortSignal): Promise<MachineView | undefined> {
    await this.waiter.wait(correlationId, timeoutMs, signal);
    return this.records.get(correlationId);
  }
  async children(
    correlationId: string,
    { limit = 100, ...asked }: ChildrenAsked = {},
  ): Promise<readonly ChildView[] | undefined> {
    return this.outbox.list(correlationId, { ...asked, limit });
  }
  definitions(): Promise<readonly Definition[]> {
    return this.catalog.all();
  }
  definition(name: string, version?: number): Promise<Definition | undefined> {
    return this.catalog.find(name, version);
  }

  /**
   * A child, which its parent's worker queues with others.
   *
   * @param awaited its result goes to the parent
   * @param read on which server it was read, and the `traceparent` of the step that starts it
   */
  startChild(
    request: StartRequest,
    parent: ParentLink,
    awaited: boolean,
    read: { readonly on: string; readonly traceparent?: string },
  ): Promise<{ result: StartResult; job: DueJob }> {
    return this.begin(request, read.traceparent, { parent, awaited, readOn: read.on });
  }

  /**
   * Begins as a recorded step of another machine did. What is the same start is told by where it comes from and who asked: what that step
   * began with may be trimmed meanwhile, but does not change.
   */
  async startReplay(request: StartRequest, origin: ReplayOrigin, data: Json | undefined): Promise<StartResult> {
    await this.admit(request);
    const checked = await this.check(request);
    const digest = digestOf({ correlationId: checked.correlationId, replayOf: origin });
    const came = data === undefined ? {} : { data: JSON.stringify(data) };
    const { result, job } = await this.write({
      ...checked,
      ...came,
      digest,
      replayOf: origin,
      traceparent: this.tracer?.active(),
    });
    await this.enqueue(result.outcome === 'created' ? [job] : []);
    return result;
  }

  /** Before anything else: what is refused costs next to nothing. */
  private async admit(request: StartRequest): Promise<void> {
    const [refused] = (await this.gate?.admit([request])) ?? [];
    if (refused) throw refused;
  }

  private async begin(
    request: StartRequest,
    traceparent = this.tracer?.active(),
    child?: Required<Pick<CheckedStart, 'parent' | 'awaited' | 'readOn'>>,
  ): Promise<{ result: StartResult; job: DueJob }> {
    return this.write({ ...(await this.check(request, child?.parent)), ...child, traceparent });
  }

  private async write(start: CheckedStart): Promise<{ result: StartResult; job: DueJob }> {
    const started = await this.records.start(start);
    const { request } = start;
    if (started.result.outcome === 'created') {
      this.counters.add('started', { machine: request.machine, state: '', event: '' });
    }
    return started;
  }

  /** The record is written and watched: a job that cannot be queued now is made by the watchdog. */
  private async enqueue(jobs: readonly DueJob[]): Promise<void> {
    if (jobs.length === 0) return;
    try {
      await this.queue.add(jobs);
    } catch (error) {
      this.log.warn(`${jobs.length} started machines could not be queued at once, the watchdog will: ${String(error)}`);
    }
  }

  private async check(request: StartRequest, parent?: ParentLink): Promise<CheckedStart> {
    const { machine, version, context = {}, state, event, maxRetries } = request;
    const correlationId = request.correlationId ?? randomUUID();
    checkFields({ ...request, correlationId });
    const { depth = 1, ...link } = parent ?? {};
    if (parent && depth > this.limits.depth) throw new ChildTooDeepError(depth, this.limits.depth);
    const definition = await this.catalog.find(machine, version);
    if (!definition) throw await this.unknown(machine, version);
    checkOrigin(definition, state, event);
    const contextJson = toJson(context, this.limits.contextBytes);
    const inboxLimit = definition.inboxLimit ?? (this.limits.inbox === DEFAULT_INBOX_LIMIT ? undefined : this.limits.inbox);
    return {
      request,
      correlationId,
      runId: newRunId(),
      version: definition.version,
      queue: definition.queue,
      maxRetries: maxRetries ?? definition.maxRetries,
      state: state ?? PSEUDO_INIT,
      event: event ?? PSEUDO_INIT,
      contextJson,
      // Without its generation: a version before did not tell it, and a child that is started again must be known again.
      digest: digestOf({ ...request, correlationId, context: JSON.parse(contextJson) as unknown, parent: parent && link }),
      ...(inboxLimit === undefined ? {} : { inboxLimit }),
      ...(definition.deadline === undefined ? {} : { deadline: definition.deadline }),
    };
  }

  private async unknown(machine: string, version: number | undefined): Promise<StileError> {
    const all = await this.catalog.all();
    const versions = all.filter(({ name }) => name === machine).map((definition) => definition.version);
    if (versions.length > 0 && version !== undefined) return new UnknownVersionError(machine, version, versions);
    return new UnknownMachineError(machine, [...new Set(all.map(({ name }) => name))]);
  }
}

/**
 * 128 random bits in 22 characters of a URL: every record has one, and so begin the ids of children. That is more characters than a tenant has, and
 * none of them looks like an option of a command.
 */
function newRunId(): string {
  for (;;) {
    const id = randomBytes(16).toString('base64url');
    if (!id.startsWith('-')) return id;
  }
}

/** Of the payload as it was given: a start without a version stays the same when a newer version is published. 132 bits: every record has one. */
function digestOf(payload: unknown): string {
  return createHash('sha256').update(canonical(payload)).digest('base64url').slice(0, 22);
}

/** JSON with sorted keys, without what is undefined. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`);
  return `{${fields.join(',')}}`;
}
