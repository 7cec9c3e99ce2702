import { StileError, StoreUnavailableError } from '../../core/errors';
import type { Tally } from '../../core/operations-ports';
import { lacksKey } from '../../core/sealed-error';

/** Machines at the same time. */
const LANES = 20;

/** Of one machine: which counter it is, or the code of the error that refuses it. */
export type Outcome = 'done' | 'kept' | 'ignored' | { readonly code: string };

/**
 * Does something to each machine, some of them at a time, and counts what came of it.
 *
 * @param gone codes of machines that are not there to be refused
 * @throws StoreUnavailableError, and whatever else is no refusal; what came of the others is not told then
 */
export async function inLanes(
  ids: readonly string[],
  gone: ReadonlySet<string>,
  act: (id: string) => Promise<Outcome>,
): Promise<{ readonly tally: Tally; readonly done: readonly string[] }> {
  const counts = { matched: ids.length, done: 0, kept: 0, ignored: 0, refused: 0, gone: 0, failedAgain: 0 };
  const reasons: Record<string, number> = {};
  const done: string[] = [];
  const count = (id: string, outcome: Outcome): void => {
    if (typeof outcome !== 'object') {
      if (outcome === 'ignored') {
        counts.ignored++;
        return;
      }
      counts.done++;
      if (outcome === 'kept') counts.kept++;
      done.push(id);
    } else if (gone.has(outcome.code)) {
      counts.gone++;
    } else {
      counts.refused++;
      reasons[outcome.code] = (reasons[outcome.code] ?? 0) + 1;
    }
  };
  const open = ids.values(); // shared: each lane takes the next one
  const lane = async (): Promise<void> => {
    for (const id of open) count(id, await tried(id, act));
  };
  await Promise.all(Array.from({ length: Math.min(LANES, ids.length) }, lane));
  return { tally: { ...counts, reasons }, done };
}

async function tried(id: string, act: (id: string) => Promise<Outcome>): Promise<Outcome> {
  try {
    return await act(id);
  } catch (error) {
    if (!(error instanceof StileError) || error instanceof StoreUnavailableError || lacksKey(error)) throw error;
    return { code: error.code };
  }
}
