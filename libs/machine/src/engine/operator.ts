import { randomBytes } from 'node:crypto';
import type { Counters } from '../core/counts';
import type { Definition } from '../core/definition';
import {
  InvalidActError,
  MachineNotFoundError,
  QuarantinedError,
  RevisionError,
  SteeringRefusedError,
  UnknownMachineError,
  UnknownVersionError,
} from '../core/errors';
import { UnreadableError } from '../core/sealed-error';
import { holdName } from '../core/hold-name';
import { toJson } from '../core/json';
import type { CancelMode, HoldStore, ReadOn, SteerAct, SteeringStore } from '../core/message-ports';
import type { MachineView, ParentLink } from '../core/model';
import { quote } from '../core/names';
import type { BulkAct } from '../core/operations';
import type { RepeatableSteering } from '../core/operations-ports';
import type { DefinitionCatalog, JobQueue, RecordStore } from '../core/ports';
import { MachineSteering, type Act, type Hold, type HoldTarget } from '../core/steering';
import type { Context, Json } from '../core/step';
import { hint } from '../core/suggest';
import { checkAct } from './check-act';
import { isMachineId } from './check-start';
import type { Outbox } from './engine-parts';
import { mergePatch } from './merge-patch';
import type { EngineLog } from './options';
import { traceOfEdit } from './trace';

export interface OperatorParts {
  readonly store: SteeringStore;
  readonly holds: HoldStore;
  readonly records: RecordStore;
  readonly catalog: DefinitionCatalog;
  readonly queue: JobQueue;
  readonly outbox: Pick<Outbox, 'poke'>;
  readonly counters: Counters;
  readonly log: EngineLog;
  /** How long an ended machine is kept whose definition says nothing, ms. */
  readonly retentionMs: number;
  /** Largest context, bytes of JSON. @default 262144 */
  readonly contextBytes?: number;
}

const WAY_OUT: Readonly<Record<SteerAct['kind'], string>> = {
  pause: 'only a machine that has not ended can be paused',
  resume: 'only a machine that has not ended can be resumed',
  cancel: 'a machine that has completed can not be cancelled any more',
  retry: 'only a failed machine can be retried',
  edit: 'only a paused or failed machine can be edited: pause one that has not ended',
  move: 'only a machine that rests, or has failed, can be moved: one that runs is paused first',
};

/** What operators do to machines, and parents to their children. The store decides; here it is checked and what follows is set going. */
export class Operator extends MachineSteering implements RepeatableSteering {
  constructor(private readonly parts: OperatorParts) {
    super();
  }

  async cancel(id: string, { mode = 'graceful', ...who }: Act & { mode?: 'graceful' | 'now' } = {}): Promise<MachineView> {
    if (mode !== 'graceful' && mode !== 'now') throw new InvalidActError('mode', mode, `is ${quote(mode)}; give graceful or now`);
    return this.act(id, await this.cancellation(id, mode), who);
  }

  /**
   * A parent has ended, or does not need this child any more. A child that is over, gone or set aside stays as it is; so does a machine that
   * has the id a parent has chosen for its child, and is not that child.
   */
  async cancelChild(id: string, parent: Pick<ParentLink, 'correlationId' | 'runId'>, { server }: ReadOn): Promise<void> {
    const why = `its parent ${parent.correlationId} has ended, or does not need it any more`;
    try {
      const { parent: link } = await this.viewOf(id);
      if (link?.correlationId !== parent.correlationId || link.runId !== parent.runId) return;
      await this.act(id, await this.cancellation(id, { server }), { by: 'stile', why });
    } catch (error) {
      const stays = [SteeringRefusedError, MachineNotFoundError, QuarantinedError];
      if (!stays.some((kind) => error instanceof kind)) throw error;
    }
  }

  pause(id: string, who: Act = {}): Promise<MachineView> {
    return this.act(id, { kind: 'pause' }, who);
  }

  resume(id: string, who: Act = {}): Promise<MachineView> {
    return this.act(id, { kind: 'resume' }, who);
  }

  retry(id: string, who: Act = {}): Promise<MachineView> {
    return this.act(id, { kind: 'retry' }, who);
  }

  /** One of an operation's acts, under its own nonce. Nobody looks at the machine afterwards: only a cancelled one is read, to be counted. */
  async actOnce(id: string, kind: BulkAct, mode: 'graceful' | 'now', nonce: string, who: Act): Promise<void> {
    if (kind === 'cancel') await this.act(id, await this.cancellation(id, mode), who, nonce);
    else await this.steer(id, { kind }, who, nonce);
  }

  async edit(id: string, patch: Json, revision: string, who: Act = {}): Promise<MachineView> {
    if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) {
      throw new InvalidActError(
        'patch',
        patch,
        `is ${quote(JSON.stringify(patch))}; give a JSON object, a merge patch of the context`,
      );
    }
    toJson(patch as Context, Infinity); // one that is nested too deeply is refused before it is merged, which goes as deep
    const view = await this.viewOf(id);
    if (view.revision !== revision) throw new RevisionError(id, revision, view.revision);
    if (view.unreadable) throw new UnreadableError(id, view.unreadable); // its patch would be all that is left
    const context = toJson(mergePatch(view.context as Json, patch) as Context, this.parts.contextBytes);
    return this.act(id, { kind: 'edit', revision, context, trace: traceOfEdit(JSON.stringify(view.context), context) }, who);
  }

  async move(id: string, state: string, who: Act = {}): Promise<MachineView> {
    const { machine, version } = await this.viewOf(id);
    const definition = await this.definitionOf(machine, version);
    if (!Object.hasOwn(definition.states, state)) throw unknownState(definition, state);
    return this.act(id, { kind: 'move', state }, who);
  }

  async hold(target: HoldTarget, who: Act = {}): Promise<Hold> {
    checkAct(who);
    const definition = await this.definitionOf(target.machine, target.version);
    const { state } = target;
    if (state !== undefined && !Object.hasOwn(definition.states, state)) throw unknownState(definition, state);
    return this.parts.holds.put(target, who);
  }

  unhold(target: HoldTarget): Promise<boolean> {
    return this.parts.holds.remove(holdName(target));
  }

  holds(): Promise<readonly Hold[]> {
    return this.parts.holds.all();
  }

  /** Lets some machines go whose hold was taken off. Each is let go once, whoever else does the same. */
  async letGo(partition: number): Promise<void> {
    const { holds, log } = this.parts;
    for (const { correlationId, hold } of await holds.freed(partition, 100)) {
      const who = { by: 'stile', why: `the hold on ${hold} was taken off` };
      await this.steer(correlationId, { kind: 'resume', hold }, who).catch((error: unknown) => {
        if (!(error instanceof MachineNotFoundError)) log.warn(`machine ${correlationId} could not be let go: ${String(error)}`);
      });
    }
  }

  private async act(id: string, act: SteerAct, who: Act, nonce?: string): Promise<MachineView> {
    checkAct(who);
    await this.steer(id, act, who, nonce);
    const view = await this.viewOf(id);
    // One that is running is counted by the worker whose step comes to nothing.
    if (act.kind === 'cancel' && view.status === 'cancelled') {
      this.parts.counters.add('cancelled', { machine: view.machine, state: view.state, event: '' });
    }
    return view;
  }

  private async steer(id: string, act: SteerAct, who: Act, nonce = randomBytes(12).toString('base64url')): Promise<void> {
    const { store, queue, outbox, log } = this.parts;
    if (!isMachineId(id)) throw new MachineNotFoundError(id);
    const result = await store.steer(id, act, nonce, who);
    switch (result.outcome) {
      case 'missing':
        throw new MachineNotFoundError(id);
      case 'garbage':
        throw new QuarantinedError(id, result.reason);
      case 'refused':
        throw new SteeringRefusedError(act.kind, id, result.status, WAY_OUT[act.kind]);
      case 'revision':
        throw new RevisionError(id, act.kind === 'edit' ? act.revision : '', result.current);
      case 'done':
        if (act.kind === 'cancel') {
          outbox.poke(id); // its parent waits for the result, its children are to end
        }
        if (!result.job) return;
        // What was done is stored and watched: a job that cannot be queued now is made by the watchdog.
        await queue
          .add([result.job])
          .catch((error: unknown) => log.warn(`a job of ${id} could not be queued at once: ${String(error)}`));
    }
  }

  private async cancellation(id: string, mode: CancelMode): Promise<SteerAct> {
    const { machine, version } = await this.viewOf(id);
    const definition = await this.parts.catalog.find(machine, version);
    const retentionMs = definition?.retentionMs ?? this.parts.retentionMs;
    return { kind: 'cancel', mode, cleanup: definition?.onCancel ?? '', retentionMs };
  }

  private async viewOf(id: string): Promise<MachineView> {
    const view = isMachineId(id) ? await this.parts.records.get(id) : undefined;
    if (!view) throw new MachineNotFoundError(id);
    return view;
  }

  private async definitionOf(machine: string, version: number | undefined): Promise<Definition> {
    const found = await this.parts.catalog.find(machine, version);
    if (found) return found;
    const all = await this.parts.catalog.all();
    const versions = all.filter(({ name }) => name === machine).map((definition) => definition.version);
    if (version !== undefined && versions.length > 0) throw new UnknownVersionError(machine, version, versions);
    throw new UnknownMachineError(machine, [...new Set(all.map(({ name }) => name))]);
  }
}

function unknownState({ name, states }: Definition, state: string): InvalidActError {
  return new InvalidActError(
    'state',
    state,
    `is ${quote(state)}, which "${name}" does not have; ${hint(state, Object.keys(states))}`,
  );
}
