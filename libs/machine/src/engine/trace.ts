import type { Claim, Trace } from '../core/ports';
import { TRACE_LIMIT_BYTES } from '../core/trace-limit';

/**
 * What a step's history item keeps of its context and data. The context is an undo record: what the step began with, and only where it
 * has left another. So a context that does not change takes no room, and what is trimmed from the old end is missed by nobody: what a step
 * began with is in the next item that has one, or still in the record.
 *
 * @param left the context that the step commits; none where it commits none
 * @param keep false: sizes only
 */
export function traceOf({ context, data, retries }: Claim, left: string | undefined, keep: boolean): Trace | undefined {
  const changed = left !== undefined && left !== context;
  const came = data !== undefined && retries === 0;
  if (!changed && !came) return undefined;
  return { ...(changed ? { began: bounded(context, keep) } : {}), ...(came ? { data: bounded(data, keep) } : {}) };
}

/** Of an edit. */
export function traceOfEdit(before: string, after: string): Trace {
  return before === after ? {} : { began: bounded(before, true) };
}

function bounded(json: string, keep: boolean): string | number {
  const bytes = Buffer.byteLength(json);
  return keep && bytes <= TRACE_LIMIT_BYTES ? json : bytes;
}
