import { randomUUID } from 'node:crypto';
import { UndeclaredEventError, UnknownMachineError, UnknownVersionError } from '../../core/errors';
import type { Definition } from '../../core/definition';
import type { MachineFilter, MachineListing } from '../../core/listing';
import type { Machines } from '../../core/machines';
import {
  FailureGroupNotFoundError,
  OperationNotFoundError,
  Operations,
  OperationTakenError,
  type ActOnMany,
  type OperationView,
  type Redrive,
  type SendToMany,
} from '../../core/operations';
import type { OperationQueue, OperationSpec, OperationStore } from '../../core/operations-ports';
import type { EngineLog } from '../options';
import { checkAct, checkRedrive, checkSendToMany } from './check-operation';
import { isCountable, sumOf } from './estimate';
import { viewOf } from './operation-view';

const LISTED = 100;

export interface OperationServiceParts {
  readonly store: OperationStore;
  readonly queue: OperationQueue;
  readonly machines: Pick<Machines, 'definitions'>;
  readonly listing: MachineListing;
  readonly log: EngineLog;
  /** Most data that an event may have, bytes of JSON. @default 262144 */
  readonly eventBytes?: number;
}

/** Writes operations down, then queues them. A process that dies in between leaves that to the workers, who look every 30 s. */
export class OperationService extends Operations {
  constructor(private readonly parts: OperationServiceParts) {
    super();
  }

  async sendToMany(request: SendToMany): Promise<string> {
    const spec = checkSendToMany({ ...request, id: request.id ?? randomUUID() }, this.parts.eventBytes);
    const { machine, event } = spec;
    return this.begin(spec, async () => {
      if (machine === null) return null;
      requireEvent(machine, await this.versionsOf(machine), event);
      return this.total({ machine });
    });
  }

  async act(request: ActOnMany): Promise<string> {
    const spec = checkAct({ ...request, id: request.id ?? randomUUID() });
    const filter: MachineFilter = 'all' in spec.filter ? {} : spec.filter;
    const { machine, version } = filter;
    return this.begin(spec, async () => {
      const versions = machine === undefined ? [] : (await this.versionsOf(machine)).map((definition) => definition.version);
      if (machine !== undefined && version !== undefined && !versions.includes(version)) {
        throw new UnknownVersionError(machine, version, versions);
      }
      return this.total(filter);
    });
  }

  async redrive(request: Redrive): Promise<string> {
    const spec = checkRedrive({ ...request, id: request.id ?? randomUUID() });
    return this.begin(spec, async () => {
      const groups = await this.parts.listing.failures();
      const found = groups.find(({ group }) => group === spec.group);
      if (!found) throw new FailureGroupNotFoundError(spec.group);
      return Math.min(found.count, spec.count ?? Infinity);
    });
  }

  async list(): Promise<readonly OperationView[]> {
    const { store } = this.parts;
    // Of those that ended, the last ones to end are looked at: one that began late has ended late, but for a few at the far end.
    const [running, ended] = await Promise.all([store.running(), store.ended(LISTED)]);
    const states = await Promise.all([...new Set([...running, ...ended])].map((id) => store.read(id)));
    return states
      .filter((state) => state !== undefined)
      .sort((a, b) => b.started - a.started)
      .slice(0, LISTED)
      .map(viewOf);
  }

  async get(id: string): Promise<OperationView | undefined> {
    const state = await this.parts.store.read(id);
    return state && viewOf(state);
  }

  async stop(id: string): Promise<OperationView> {
    const { store } = this.parts;
    const state = (await store.stop(id)) ? await store.read(id) : undefined;
    if (!state) throw new OperationNotFoundError(id);
    return viewOf(state);
  }

  /** @param prepare checks it against what there is, and says how many match; a repeat is not checked again: what there was may be gone */
  private async begin(spec: OperationSpec, prepare: () => Promise<number | null>): Promise<string> {
    const { store, queue, log } = this.parts;
    const isRepeat = (await store.read(spec.id)) !== undefined;
    const total = isRepeat ? null : await prepare();
    if ((await store.start(spec, total)) === 'taken') throw new OperationTakenError(spec.id);
    await queue.add(spec.id).catch((error: unknown) => {
      log.warn(`operation ${spec.id} could not be queued at once, a worker will find it: ${String(error)}`);
    });
    return spec.id;
  }

  private async total(filter: MachineFilter): Promise<number | null> {
    const { listing } = this.parts;
    if (isCountable(filter)) return sumOf(await listing.counts(filter.machine, filter.version), filter);
    const { failure, ...more } = filter;
    if (failure === undefined || Object.keys(more).length > 0) return null;
    return (await listing.failures()).find(({ group }) => group === failure)?.count ?? 0;
  }

  /** @throws UnknownMachineError when there are none */
  private async versionsOf(machine: string): Promise<readonly Definition[]> {
    const all = await this.parts.machines.definitions();
    const versions = all.filter(({ name }) => name === machine);
    if (versions.length === 0) throw new UnknownMachineError(machine, [...new Set(all.map(({ name }) => name))]);
    return versions;
  }
}

/** What no machine could ever take is refused at once, not a thousand times in the background. */
function requireEvent(machine: string, versions: readonly Definition[], event: string): void {
  const legal = new Set<string>();
  for (const { states } of versions) {
    for (const state of Object.values(states)) Object.keys(state.transitions).forEach((name) => legal.add(name));
  }
  if (legal.has(event)) return;
  const newest = Math.max(...versions.map(({ version }) => version));
  throw new UndeclaredEventError(machine, newest, event, [...legal]);
}
