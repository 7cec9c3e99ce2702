import type { MachineFilter } from '../../core/listing';
import type { OperationFilter, OperationView } from '../../core/operations';
import type { OperationSpec, OperationState } from '../../core/operations-ports';

export function viewOf({ spec, status, stoppedBecause, total, started, finished, ...state }: OperationState): OperationView {
  const filter = filterOf(spec);
  const { machine, tag }: MachineFilter = 'all' in filter ? {} : filter;
  return {
    id: spec.id,
    act: spec.act,
    ...{ status, stoppedBecause, filter, machine: machine ?? null, tag: tag ?? null },
    event: spec.act === 'send' ? spec.event : null,
    mode: spec.act === 'cancel' ? (spec.mode ?? 'graceful') : null,
    by: spec.by,
    why: spec.why,
    total,
    matched: state.matched,
    done: state.done,
    delivered: spec.act === 'send' ? state.done : 0,
    kept: state.kept,
    ignored: state.ignored,
    refused: state.refused,
    gone: state.gone,
    reasons: state.reasons,
    failedAgain: state.failedAgain,
    startedAt: new Date(started).toISOString(),
    finishedAt: finished === null ? null : new Date(finished).toISOString(),
  };
}

function filterOf(spec: OperationSpec): OperationFilter {
  switch (spec.act) {
    case 'send':
      return { ...(spec.machine === null ? {} : { machine: spec.machine }), ...(spec.tag === null ? {} : { tag: spec.tag }) };
    case 'redrive':
      return { failure: spec.group };
    default:
      return spec.filter;
  }
}
