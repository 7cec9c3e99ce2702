import type { Clock } from '@stile/lease';
import type { Counters } from '../core/counts';
import type { HoldStore, InboxStore, OutboxStore, SteeringStore } from '../core/message-ports';
import type { Limits } from '../core/limits';
import type { DefinitionCatalog, JobQueue, RecordStore } from '../core/ports';
import { EndWaiter } from './end-waiter';
import { EventSender } from './event-sender';
import { HoldWatch } from './hold-watch';
import { Operator } from './operator';
import type { EngineLog } from './options';
import { OutboxPump } from './outbox-pump';
import { Replayer } from './replayer';
import type { Tracer } from './tracing';
import type { StartGate } from './start-gate';
import { MachineStarter } from './starter';

export interface ServiceParts {
  readonly records: RecordStore;
  readonly inbox: InboxStore;
  readonly outbox: OutboxStore;
  readonly steering: SteeringStore;
  readonly holds: HoldStore;
  readonly catalog: DefinitionCatalog;
  readonly queue: JobQueue;
  readonly counters: Counters;
  readonly clock: Clock;
  readonly log: EngineLog;
  /** None where nothing is traced. */
  readonly tracer?: Tracer;
  /** How long an ended machine is kept whose definition says nothing, ms. */
  readonly retentionMs: number;
  /** None where all starts are let in. */
  readonly gate?: StartGate;
  /** @default defaultLimits */
  readonly limits?: Limits;
}

/** What can be done with machines from outside, and what delivers between them: the same in an API and in a worker. */
export interface Services {
  readonly machines: MachineStarter;
  readonly events: EventSender;
  readonly steering: Operator;
  readonly replays: Replayer;
  readonly pump: OutboxPump;
  readonly holdWatch: HoldWatch;
}

export function makeServices(parts: ServiceParts): Services {
  const { records, inbox, outbox, steering: store, holds, catalog, queue, counters, clock, log, tracer, retentionMs } = parts;
  const { gate, limits } = parts;
  const waiter = new EndWaiter(records, clock);
  const machines = new MachineStarter(records, catalog, queue, counters, log, outbox, waiter, tracer, gate, limits);
  const events = new EventSender(inbox, catalog, queue, counters, log, tracer, limits?.eventBytes);
  const pump: OutboxPump = new OutboxPump({
    ...{ outbox, records, queue, counters, log },
    traceOf: (runId) => tracer?.ofRun(runId),
    deliver: (to, event, data, mark, traceparent) => events.deliver(to, event, data, mark, traceparent),
    startChild: (request, parent, awaited, read) => machines.startChild(request, parent, awaited, read),
    cancelChild: (id, parent, on) => steering.cancelChild(id, parent, on),
  });
  const acts = { store, holds, records, catalog, queue, outbox: pump, counters, log, retentionMs };
  const steering = new Operator({ ...acts, ...(limits ? { contextBytes: limits.contextBytes } : {}) });
  const replays = new Replayer(machines);
  return { machines, events, steering, replays, pump, holdWatch: new HoldWatch(holds, clock) };
}
