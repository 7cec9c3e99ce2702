import type { ScheduleView } from '../../core/schedules';
import type { ScheduleState } from '../../core/schedules-ports';
import { nextSlot } from './slots';

/** The next slot that will be looked at; nothing while it is stopped, and after its end. */
export function nextAtOf({ spec, anchor, last, stopped }: ScheduleState): number | undefined {
  return stopped ? undefined : nextSlot({ timing: spec.timing, anchor, endAt: spec.endAt }, last);
}

export function scheduleView(state: ScheduleState): ScheduleView {
  const { spec } = state;
  const { timing } = spec;
  return {
    name: spec.name,
    machine: spec.machine,
    version: spec.version,
    context: spec.context,
    tags: spec.tags,
    cron: timing.cron,
    timeZone: timing.timeZone,
    everyMs: timing.everyMs,
    overlap: spec.overlap,
    catchUpMs: spec.catchUpMs,
    startAt: iso(timing.startAt),
    endAt: iso(spec.endAt),
    stopped: state.stopped,
    nextAt: iso(nextAtOf(state) ?? null),
    lastSlot: iso(state.lastSlot),
    lastCorrelationId: state.lastCorrelationId,
    started: state.started,
    missed: state.missed,
    skipped: state.skipped,
    failed: state.failed,
    error: state.error,
    waiting: state.waiting,
    unreadable: state.unreadable ? { code: state.unreadable.code, message: state.unreadable.message } : null,
    createdAt: new Date(state.created).toISOString(),
    updatedAt: new Date(state.updated).toISOString(),
  };
}

function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
