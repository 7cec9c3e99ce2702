import type { MachineEvents } from '../../core/events';
import type { OperationState, OperationStore, SendSpec, Turn } from '../../core/operations-ports';
import { inLanes, type Outcome } from './lanes';

/** Machines of one page. */
const PAGE = 100;

const GONE = new Set(['MACHINE_NOT_FOUND', 'MACHINE_ENDED']);

/**
 * Sends an event to one page of machines after the other. A page that a dead worker has left half sent is sent again from its beginning,
 * and each machine recognises the event by its dedupeId: there is no need to write the page down first, since a machine that has the
 * event is still in the index.
 */
export class SendWalk {
  constructor(
    private readonly store: OperationStore,
    private readonly events: MachineEvents,
  ) {}

  async turn(spec: SendSpec, { started, walk, unreadable }: OperationState): Promise<Turn> {
    if (unreadable) throw unreadable; // never sent without its data
    const { ids, next } = await this.store.page(spec, started, walk.cursor ?? '', PAGE);
    const { event, data } = spec;
    const request = { event, ...(data === undefined ? {} : { data }), dedupeId: `op.${spec.id}` };
    const { tally } = await inLanes(ids, GONE, async (id): Promise<Outcome> => {
      const { outcome } = await this.events.send(id, request);
      return outcome === 'ignored' || outcome === 'kept' ? outcome : 'done';
    });
    return { walk: { cursor: next, hand: [] }, tally, ...(next === null ? { end: 'done' as const } : {}) };
  }
}
