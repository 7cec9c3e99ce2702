import { createHash } from 'node:crypto';
import type { MachineFilter, MachineListing } from '../../core/listing';
import type { BulkAct } from '../../core/operations';
import type { OperationState, RepeatableSteering, Tally, Walk } from '../../core/operations-ports';
import { inLanes } from './lanes';

const GONE = new Set(['MACHINE_NOT_FOUND']);
const MAX_WHY = 1000;

/**
 * The next machines that match, of those that were started before the operation. The order of a list, by start and id, does not change
 * with what happens to a machine: whatever the operation makes of those behind the cursor, it meets each machine at most once.
 */
export async function listBefore(
  listing: MachineListing,
  filter: MachineFilter,
  { started, walk }: OperationState,
  limit: number,
): Promise<Pick<Walk, 'cursor' | 'hand'>> {
  const before = Math.min(started, filter.to === undefined ? Infinity : Date.parse(filter.to));
  if (filter.from !== undefined && Date.parse(filter.from) >= before) return { cursor: null, hand: [] };
  const page = await listing.list(
    { ...filter, to: new Date(before).toISOString() },
    { limit, ...(walk.cursor ? { cursor: walk.cursor } : {}) },
  );
  return { cursor: page.next, hand: page.items.map(({ correlationId, steps }) => ({ id: correlationId, steps })) };
}

/**
 * Acts on the machines in hand. Whoever takes the operation up after a death does so again, from the first of them, and nothing is
 * done or counted twice:
 *
 * - A machine that was acted on does not match any more (a retried one is not failed), so a page that is listed again would miss it, and
 *   it would count nowhere. Therefore the page is written down before the first act, and counted in the turn that takes it out of hand.
 * - Its act carries a nonce made of the operation. The machine's record holds the nonce of the last act on it, and a script that meets its
 *   own answers as it did at first, before it looks at the status: a machine that was retried and has completed, or failed again, is
 *   counted as retried, and is not retried again.
 * - Where an operator or another operation has acted on the machine in between (a record holds one nonce), the repeat is not
 *   recognised: what was undone is done again, and a machine that was retried, failed and edited is retried once more. That takes a
 *   worker's death, or its being stopped for longer than the others wait, within the one page that holds the machine, and another
 *   act on it in the seconds until the page is done again. Machines of other pages are safe whoever acts on them: they are not met again.
 *
 * @throws StoreUnavailableError; the page stays in hand
 */
export function actOnHand(
  steering: RepeatableSteering,
  { spec, started, walk }: OperationState,
  act: BulkAct,
  mode: 'graceful' | 'now' = 'graceful',
): Promise<{ readonly tally: Tally; readonly done: readonly string[] }> {
  const nonce = nonceOf(spec.id, started);
  const who = { by: spec.by, why: `operation ${spec.id}${spec.why && `: ${spec.why}`}`.slice(0, MAX_WHY) };
  const ids = walk.hand.map(({ id }) => id);
  return inLanes(ids, GONE, async (id) => {
    await steering.actOnce(id, act, mode, nonce, who);
    return 'done';
  });
}

/**
 * As long as the nonces of other acts. An operation's id may be used again when it is kept no more: its start tells the two apart. It is
 * compared within one machine's record only, whose id is no part of it therefore.
 */
function nonceOf(id: string, started: number): string {
  return createHash('sha256').update(`${id} ${started}`).digest('base64url').slice(0, 16);
}
