import { randomUUID } from 'node:crypto';
import { UndeclaredEventError, UnknownMachineError } from '../../core/errors';
import type { Machines } from '../../core/machines';
import {
  OperationNotFoundError,
  Operations,
  OperationTakenError,
  type OperationView,
  type SendToMany,
} from '../../core/operations';
import type { OperationQueue, OperationState, OperationStore } from '../../core/operations-ports';
import type { EngineLog } from '../options';
import { checkSendToMany } from './check-operation';

/** Writes operations down, then queues them. A process that dies in between leaves that to the workers, who look every 30 s. */
export class OperationService extends Operations {
  constructor(
    private readonly store: OperationStore,
    private readonly queue: OperationQueue,
    private readonly machines: Machines,
    private readonly log: EngineLog,
  ) {
    super();
  }

  async sendToMany(request: SendToMany): Promise<string> {
    const spec = checkSendToMany({ ...request, id: request.id ?? randomUUID() });
    if (spec.machine !== null) await this.requireEvent(spec.machine, spec.event);
    if ((await this.store.start(spec)) === 'taken') throw new OperationTakenError(spec.id);
    await this.queue.add(spec.id).catch((error: unknown) => {
      this.log.warn(`operation ${spec.id} could not be queued at once, a worker will find it: ${String(error)}`);
    });
    return spec.id;
  }

  async get(id: string): Promise<OperationView | undefined> {
    const state = await this.store.read(id);
    return state && viewOf(state);
  }

  async stop(id: string): Promise<OperationView> {
    const state = (await this.store.stop(id)) ? await this.store.read(id) : undefined;
    if (!state) throw new OperationNotFoundError(id);
    return viewOf(state);
  }

  /** What no machine could ever take is refused at once, not a thousand times in the background. */
  private async requireEvent(machine: string, event: string): Promise<void> {
    const all = await this.machines.definitions();
    const versions = all.filter(({ name }) => name === machine);
    if (versions.length === 0) throw new UnknownMachineError(machine, [...new Set(all.map(({ name }) => name))]);
    const legal = new Set<string>();
    for (const { states } of versions) {
      for (const state of Object.values(states)) Object.keys(state.transitions).forEach((name) => legal.add(name));
    }
    if (legal.has(event)) return;
    const newest = Math.max(...versions.map(({ version }) => version));
    throw new UndeclaredEventError(machine, newest, event, [...legal]);
  }
}

function viewOf({ spec, status, started, finished, ...state }: OperationState): OperationView {
  return {
    id: spec.id,
    status,
    machine: spec.machine,
    tag: spec.tag,
    event: spec.event,
    by: spec.by,
    matched: state.matched,
    delivered: state.delivered,
    kept: state.kept,
    ignored: state.ignored,
    refused: state.refused,
    gone: state.gone,
    reasons: state.reasons,
    startedAt: new Date(started).toISOString(),
    finishedAt: finished === null ? null : new Date(finished).toISOString(),
  };
}
