import { QuarantinedError, StileError, StoreUnavailableError } from '../../core/errors';
import { StartRefusedError } from '../../core/limit-errors';
import { lacksKey } from '../../core/sealed-error';
import type { Machines } from '../../core/machines';
import { slotId } from '../../core/schedules';
import type { ScheduleState, ScheduleStore, SlotEnd } from '../../core/schedules-ports';
import type { EngineLog } from '../options';
import { nextAtOf } from './schedule-view';
import { nextDue, type Due } from './slots';
import { startRequest } from './start-request';

export interface Looked {
  /** As it stands after the look; nothing when there is no such schedule. */
  readonly state?: ScheduleState;
  readonly nextAt?: number;
  /** Slots wait for a machine to end: look again soon. */
  readonly waiting: boolean;
}

const NOTHING: Looked = { waiting: false };
const ENDED = new Set(['completed', 'failed', 'cancelled']);

/**
 * Decides on the slots that are due, and starts them. Any number of keepers may look at one schedule at the same time.
 *
 * A slot is first *taken*: `last` moves past it and it joins the slots that wait, in one script, so one keeper decides on it. Then the
 * head of those that wait is started, and taken away. A keeper that dies in between leaves the slot waiting; another one starts it
 * again under the same correlation id, which makes no second machine.
 */
export class ScheduleKeeper {
  constructor(
    private readonly store: ScheduleStore,
    private readonly machines: Machines,
    private readonly log: EngineLog,
  ) {}

  /** @throws StoreUnavailableError; what has been decided by then stands */
  async look(name: string): Promise<Looked> {
    for (let counted = 0; ;) {
      const state = await this.store.read(name);
      if (!state) return NOTHING;
      if (state.stopped) return { state, waiting: false };
      const blocked = state.head !== null && !(await this.mayStart(state));
      if (state.head !== null && !blocked) {
        await this.startHead(state, state.head);
        continue;
      }
      const due = nextDue(state, counted);
      if (!due) return { state, nextAt: nextAtOf(state), waiting: blocked };
      counted += due.missed;
      await this.take(state, due);
    }
  }

  /** Where another keeper was faster, the next read tells what it has decided. */
  private async take(state: ScheduleState, { to, slot, missed }: Due): Promise<void> {
    const { spec, rev, last } = state;
    // One that waits was taken before: its machine is as good as live.
    const skip = slot !== undefined && spec.overlap === 'skip' && (state.waiting > 0 || (await this.isLive(state)));
    await this.store.take(spec.name, { rev, from: last, to, slot: skip ? undefined : slot, missed, skipped: skip ? 1 : 0 });
  }

  private async mayStart(state: ScheduleState): Promise<boolean> {
    return state.spec.overlap !== 'queue' || !(await this.isLive(state));
  }

  /** Whether the machine of the last slot has not ended. One that is set aside never will: it holds nothing up. */
  private async isLive({ lastCorrelationId: id }: ScheduleState): Promise<boolean> {
    if (id === null) return false;
    try {
      const machine = await this.machines.get(id);
      return machine !== undefined && !ENDED.has(machine.status);
    } catch (error) {
      if (error instanceof QuarantinedError) return false;
      throw error;
    }
  }

  private async startHead({ spec, unreadable }: ScheduleState, head: number): Promise<void> {
    if (lacksKey(unreadable)) throw unreadable as Error; // another worker may have it
    // Claimed last of all: a schedule that was stopped or removed since it was read starts nothing.
    if (!(await this.store.claim(spec.name, head))) return;
    const correlationId = slotId(spec.name, head);
    let end: SlotEnd = { outcome: 'started', correlationId };
    try {
      if (unreadable) throw unreadable;
      const { outcome } = await this.machines.start(startRequest(spec, correlationId));
      // The schedule was changed between the start and this repeat of it, or somebody else took the id.
      if (outcome === 'conflict') this.log.warn(`schedule ${spec.name}: ${correlationId} was there with another payload`);
    } catch (error) {
      // Refused for now: the slot waits, and is started at a later look.
      const passes = error instanceof StoreUnavailableError || error instanceof StartRefusedError;
      if (!(error instanceof StileError) || passes || lacksKey(error)) throw error;
      this.log.error(`schedule ${spec.name}: slot ${correlationId} could not be started: ${error.message}`);
      end = { outcome: 'failed', error: { code: error.code, message: error.message, slot: new Date(head).toISOString() } };
    }
    await this.store.finish(spec.name, head, end);
  }
}
