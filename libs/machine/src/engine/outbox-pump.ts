import type { ChildResult } from '../core/children';
import type { Counters } from '../core/counts';
import { StileError } from '../core/errors';
import { lacksKey, SealedError } from '../core/sealed-error';
import type { ChildBatch, MessageMark, OutboxItem, OutboxStore, ReadOn } from '../core/message-ports';
import type { MachineView, ParentLink, StartResult } from '../core/model';
import type { JobQueue, RecordStore } from '../core/ports';
import type { DueJob, StartRequest } from '../core/model';
import type { Outbox } from './engine-parts';
import type { EngineLog } from './options';

const BATCH = 100;

export interface PumpParts {
  readonly outbox: OutboxStore;
  readonly records: RecordStore;
  readonly queue: JobQueue;
  readonly counters: Counters;
  readonly log: EngineLog;
  /** `traceparent` of a run; none where nothing is traced. */
  readonly traceOf: (runId: string) => string | undefined;
  /** @returns false while the receiver has no room: to be sent again */
  readonly deliver: (to: string, event: string, data: string, mark: MessageMark, traceparent?: string) => Promise<boolean>;
  readonly startChild: (
    request: StartRequest,
    parent: ParentLink,
    awaited: boolean,
    read: { readonly on: string; readonly traceparent?: string },
  ) => Promise<{ result: StartResult; job: DueJob }>;
  readonly cancelChild: (correlationId: string, parent: Pick<ParentLink, 'correlationId' | 'runId'>, on: ReadOn) => Promise<void>;
}

/**
 * Delivers what commits have left in outboxes, and starts children (J5, J6). At least once: whoever dies between a delivery and its
 * settling has it delivered again, which the receiver recognises. Several pumps may work on one outbox: each goes through it in
 * order, so a receiver sees no gap. What is left over is brought again by the watch.
 */
export class OutboxPump implements Outbox {
  private readonly running = new Map<string, { again: boolean; done: Promise<void> }>();
  private stopped = false;

  constructor(private readonly parts: PumpParts) {}

  poke(id: string): void {
    if (this.stopped) return;
    const run = this.running.get(id);
    if (run) run.again = true;
    else this.begin(id);
  }

  results(id: string, group: string): Promise<readonly ChildResult[]> {
    return this.parts.outbox.results(id, group);
  }

  async asked(id: string): Promise<number> {
    return (await this.parts.records.get(id))?.children ?? 0;
  }

  /** Begins nothing more, and waits for what is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.idle();
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all([...this.running.values()].map(({ done }) => done));
  }

  private begin(id: string): void {
    const run = { again: false, done: Promise.resolve() };
    this.running.set(id, run);
    run.done = this.pump(id)
      .catch((error: unknown) => this.parts.log.warn(`the outbox of ${id} could not be delivered, it will be: ${String(error)}`))
      .then(() => {
        this.running.delete(id);
        if (run.again) this.poke(id);
      });
  }

  private async pump(id: string): Promise<void> {
    await this.startChildren(id); // first: a step may send messages to the children that it starts
    for (;;) {
      const items = await this.parts.outbox.read(id, BATCH);
      const [first] = items;
      if (!first) break;
      const view = await this.parts.records.get(id);
      if (view?.runId !== first.runId) return; // started anew between the two: what is numbered by its run is not of this one
      const settled = await this.deliverAll(view, items);
      if (settled.length > 0) await this.parts.outbox.settle(id, settled);
      if (settled.length < items.length) break; // a receiver is full: the watch comes again
    }
  }

  /** In order for each receiver, side by side for all of them. @returns what is done with */
  private async deliverAll(view: MachineView, items: readonly OutboxItem[]): Promise<readonly OutboxItem[]> {
    const byReceiver = new Map<string, OutboxItem[]>();
    for (const item of items) {
      const receiver = item.kind === 'message' ? item.to : '';
      const list = byReceiver.get(receiver);
      if (list) list.push(item);
      else byReceiver.set(receiver, [item]);
    }
    const settled = await Promise.all(
      [...byReceiver.values()].map(async (list) => {
        const done: OutboxItem[] = [];
        for (const item of list) {
          if (!(await this.deliver(view, item))) break;
          done.push(item);
        }
        return done;
      }),
    );
    return settled.flat();
  }

  private async deliver(view: MachineView, item: OutboxItem): Promise<boolean> {
    switch (item.kind) {
      case 'message':
        return this.send(view, item);
      case 'result':
        if (view.parent) await this.tell(view, view.parent, item);
        return true;
      case 'lost':
        this.undelivered(`message "${item.event}" (its data ${item.why})`, item.to);
        return true;
      case 'cancel': {
        const children = await this.parts.outbox.unwantedChildren(view.correlationId, item);
        for (let from = 0; from < children.length; from += BATCH) {
          const batch = children.slice(from, from + BATCH);
          await Promise.all(batch.map((child) => this.parts.cancelChild(child, view, item)));
        }
        return true;
      }
    }
  }

  private send(
    { runId }: MachineView,
    { to, event, data, number, server, traceparent }: OutboxItem & { kind: 'message' },
  ): Promise<boolean> {
    return this.parts.deliver(to, event, data, { run: runId, number, server }, traceparent);
  }

  /** A result that this worker cannot read, or seal for the parent, waits for one that can; where nobody can, it goes nowhere. */
  private async tell(view: MachineView, parent: ParentLink, item: OutboxItem & { kind: 'result' }): Promise<void> {
    const { unreadable } = view;
    if (unreadable?.code === 'KEY_MISSING') throw new Error(unreadable.message);
    try {
      await this.report(parent, resultOf(view, item.outcome, parent.index), item, this.parts.traceOf(view.runId));
    } catch (error) {
      if (!(error instanceof SealedError) || lacksKey(error)) throw error;
      this.undelivered(`the result of ${view.correlationId} (${error.message})`, parent.correlationId);
    }
  }

  private async report(parent: ParentLink, result: ChildResult, on: ReadOn, traceparent?: string): Promise<void> {
    const receipt = await this.parts.outbox.result(parent, result.outcome, JSON.stringify(result), on, traceparent);
    if (receipt.outcome === 'gone') this.undelivered(`the result of ${result.correlationId}`, parent.correlationId);
    if (receipt.outcome !== 'counted') return;
    if (receipt.job) await this.parts.queue.add([receipt.job]);
    if (receipt.more) this.poke(parent.correlationId);
  }

  /** A batch is noted as started when all of it is: whoever dies before starts the same ones again, which changes nothing. */
  private async startChildren(id: string): Promise<void> {
    while (!this.stopped) {
      const batches = await this.parts.outbox.nextChildren(id, BATCH);
      const [first] = batches;
      if (!first) return;
      const view = await this.parts.records.get(id);
      if (view?.runId !== first.runId) return;
      for (const batch of batches) {
        const { group, spec, from, children } = batch;
        const started = await Promise.all(
          children.map(async ({ correlationId, context }, i) => {
            const depth = view.parent ? (view.parent.depth ?? 1) + 1 : 1;
            const parent = { correlationId: id, runId: view.runId, group, index: from + i, depth };
            const { machine, version, tags, delayMs, awaited } = spec;
            const request = { correlationId, machine, version, tags, delayMs, context: JSON.parse(context) as object };
            return this.startChild(request, parent, awaited, batch);
          }),
        );
        await this.parts.queue.add(started.filter((job) => job !== undefined));
        await this.parts.outbox.started(id, group, from + children.length, batch);
      }
    }
  }

  /** A child that cannot be started counts as one that failed. */
  private async startChild(
    request: StartRequest,
    parent: ParentLink,
    awaited: boolean,
    on: ChildBatch,
  ): Promise<DueJob | undefined> {
    const refused = async (code: string, message: string): Promise<undefined> => {
      this.undelivered(`the start of ${request.machine} (${message})`, request.correlationId ?? '');
      const { index } = parent;
      const result = { index, correlationId: request.correlationId ?? '', outcome: 'failed', error: { code, message } } as const;
      if (awaited) await this.report(parent, result, on);
    };
    try {
      const { result, job } = await this.parts.startChild(request, parent, awaited, {
        on: on.server,
        traceparent: on.spec.traceparent,
      });
      if (result.outcome !== 'conflict') return job;
      return await refused('CORRELATION_ID_TAKEN', 'the id is taken by another start');
    } catch (error) {
      if (!(error instanceof StileError) || error.code === 'STORE_UNAVAILABLE' || lacksKey(error)) throw error;
      return refused(error.code, error.message);
    }
  }

  private undelivered(what: string, to: string): void {
    this.parts.log.warn(`${what} could not be delivered to ${to}: dropped`);
    this.parts.counters.add('undelivered', { machine: '', state: '', event: '' });
  }
}

function resultOf(view: MachineView, outcome: ChildResult['outcome'], index: number): ChildResult {
  const { correlationId, context, error, unreadable } = view;
  if (unreadable) return { index, correlationId, outcome: outcome === 'completed' ? 'failed' : outcome, error: unreadable };
  if (outcome === 'completed') return { index, correlationId, outcome, context };
  return { index, correlationId, outcome, ...(error ? { error: { code: error.code, message: error.message } } : {}) };
}
