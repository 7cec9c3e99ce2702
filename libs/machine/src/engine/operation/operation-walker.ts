import type { MachineEvents } from '../../core/events';
import type { MachineListing } from '../../core/listing';
import type { OperationState, OperationStore, RepeatableSteering, Turn } from '../../core/operations-ports';
import { ActWalk } from './act-walk';
import { RedriveWalk } from './redrive-walk';
import { SendWalk } from './send-walk';

export interface WalkerParts {
  readonly store: OperationStore;
  readonly events: MachineEvents;
  readonly listing: MachineListing;
  readonly steering: RepeatableSteering;
}

/** `later`: machines are to be looked at again a little later. */
export type Walked = 'ended' | 'interrupted' | 'later';

/** An operation that waits says so as often as this, ms: one that does not move is taken for nobody's. */
const SIGN_OF_LIFE_MS = 5000;

/**
 * Takes an operation on, turn by turn. What a turn does to machines comes before it is written down, together with their counts, by a
 * compare-and-set on the turn's number: a worker that dies leaves a turn that the next one does again, recognised at each machine, and of
 * two workers one counts it.
 */
export class OperationWalker {
  private readonly sends: SendWalk;
  private readonly acts: ActWalk;
  private readonly redrives: RedriveWalk;

  constructor(private readonly parts: WalkerParts) {
    const { store, events, listing, steering } = parts;
    this.sends = new SendWalk(store, events);
    this.acts = new ActWalk(listing, steering);
    this.redrives = new RedriveWalk(store, listing, steering);
  }

  /**
   * @param signal ends the walk after the turn in hand
   * @throws StoreUnavailableError; the turn in hand is done again then
   */
  async walk(id: string, signal: AbortSignal): Promise<Walked> {
    const { store } = this.parts;
    while (!signal.aborted) {
      const state = await store.read(id);
      if (!state || state.status !== 'running') return 'ended';
      const turn = await this.turn(state);
      // Not taken: another worker was faster, or it was stopped. The next read tells.
      if (turn) await store.advance(state, turn);
      else if (state.now - state.updated < SIGN_OF_LIFE_MS) return 'later';
      else await store.advance(state, { walk: state.walk });
    }
    return 'interrupted';
  }

  private turn(state: OperationState): Promise<Turn | undefined> {
    const { spec } = state;
    switch (spec.act) {
      case 'send':
        return this.sends.turn(spec, state);
      case 'redrive':
        return this.redrives.turn(spec, state);
      default:
        return this.acts.turn(spec, state);
    }
  }
}
