import type { StartRequest } from '../../core/model';
import type { ScheduleSpec } from '../../core/schedules-ports';
import { SCHEDULE_TAG } from './check-schedule';

export function startRequest({ name, machine, version, context, tags }: ScheduleSpec, correlationId: string): StartRequest {
  return {
    correlationId,
    machine,
    ...(version === null ? {} : { version }),
    context,
    tags: { ...tags, [SCHEDULE_TAG]: name },
  };
}
