import { StileError } from './errors';
import type { HistoryItem, StartResult } from './model';
import type { Act } from './steering';
import type { Context, Json } from './step';

export interface ReplayRequest extends Act {
  /** Which step to begin with, from 0. @default 0, the first */
  readonly step?: number;
  /** Of the new machine; the same one with the same request again gives the existing machine. @default a new UUID */
  readonly correlationId?: string;
}

/** Starts machines from recorded steps of others. Injectable. */
export abstract class Replays {
  /**
   * A new machine of the same definition and version that begins as the step did, at its last attempt: state, event, the event's data,
   * context. Tags are copied; parent, children, inbox and the number of retries are not. The old machine stays as it is.
   *
   * @throws MachineNotFoundError, StepNotRecordedError, UnknownVersionError, InvalidStartError (its definition was published anew
   *   without that state or event), InvalidActError, QuarantinedError, StoreUnavailableError
   */
  abstract replay(correlationId: string, request?: ReplayRequest): Promise<StartResult>;
}

/** What the step began with is not there, or no longer. */
export class StepNotRecordedError extends StileError {
  readonly code = 'STEP_NOT_RECORDED';
  constructor(
    correlationId: string,
    readonly step: number,
    why: string,
    /** Steps that can be replayed. */
    readonly recorded: readonly number[],
  ) {
    const others = recorded.length === 0 ? 'no step of it can be' : `these can: ${ranges(recorded)}`;
    super(`step ${step} of machine "${correlationId}" cannot be replayed: ${why}; ${others}`);
  }
}

/** How a step began. */
export interface RecordedStep {
  readonly state: string;
  readonly event: string;
  readonly context: Context;
  readonly data?: Json;
}

/** How the steps of a history began, by their number; of those whose context or data is not kept, why. */
export function recordedSteps(items: readonly HistoryItem[]): ReadonlyMap<number, RecordedStep | string> {
  const steps = new Map<number, RecordedStep | string>();
  let context: Context | undefined;
  let contextBytes: number | undefined;
  /** Of the last step's first attempt. */
  let came: Came | undefined;
  for (const item of items) {
    if (item.context !== undefined || item.contextBytes !== undefined) ({ context, contextBytes } = item);
    if (item.outcome !== 'committed' && item.outcome !== 'failed') continue;
    if (item.retries === 0) came = { steps: item.steps, data: item.data, bytes: item.dataBytes };
    steps.set(item.steps, began(item, context, contextBytes, came));
  }
  return steps;
}

interface Came {
  readonly steps: number;
  readonly data?: Json;
  readonly bytes?: number;
}

function began(
  { steps, from, event }: HistoryItem,
  context: Context | undefined,
  contextBytes: number | undefined,
  came: Came | undefined,
): RecordedStep | string {
  if (context === undefined)
    return `its context was not kept (${contextBytes ?? 0} bytes of JSON; up to 16384 are, unless a worker keeps none)`;
  if (came?.steps !== steps) return "its first attempt, which had the event's data, is kept no more";
  if (came.bytes !== undefined) return `the data of its event was not kept (${came.bytes} bytes of JSON)`;
  return { state: from, event, context, ...(came.data === undefined ? {} : { data: came.data }) };
}

/** `0-3, 5`. */
function ranges(steps: readonly number[]): string {
  const sorted = [...steps].sort((a, b) => a - b);
  const parts: [number, number][] = [];
  for (const step of sorted) {
    const last = parts.at(-1);
    if (last?.[1] === step - 1) last[1] = step;
    else parts.push([step, step]);
  }
  return parts.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}
