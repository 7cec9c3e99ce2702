import type { MachineFilter, MachineListing } from '../../core/listing';
import type { ActSpec, OperationState, RepeatableSteering, Turn } from '../../core/operations-ports';
import { actOnHand, listBefore } from './hand';

/** Machines of one page. */
const PAGE = 100;

/** Acts on one page of machines after the other, in two turns each: one writes the page down, the next acts on it. See `actOnHand`. */
export class ActWalk {
  constructor(
    private readonly listing: MachineListing,
    private readonly steering: RepeatableSteering,
  ) {}

  async turn(spec: ActSpec, state: OperationState): Promise<Turn> {
    const { cursor, hand } = state.walk;
    if (hand.length > 0) {
      const { tally } = await actOnHand(this.steering, state, spec.act, spec.mode);
      return { walk: { cursor, hand: [] }, tally, ...(cursor === null ? { end: 'done' as const } : {}) };
    }
    const filter: MachineFilter = 'all' in spec.filter ? {} : spec.filter;
    const page = await listBefore(this.listing, filter, state, PAGE);
    return { walk: page, ...(page.cursor === null && page.hand.length === 0 ? { end: 'done' as const } : {}) };
  }
}
