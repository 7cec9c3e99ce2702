import type { MachineListing } from '../../core/listing';
import type {
  ListedAt,
  OperationState,
  OperationStore,
  RedriveSpec,
  RepeatableSteering,
  Standing,
  Turn,
  Wave,
} from '../../core/operations-ports';
import { actOnHand, listBefore } from './hand';

const MAX_WAVE = 100;
/** How long a wave is watched before the next one begins, ms of server time. */
const WATCH_MS = 30_000;

const FIRST: Wave = { size: 1, since: 0, members: [], carried: [] };

/**
 * Retries a group of failures wave by wave: lists some machines, retries them, and looks at them until it is known what became of
 * them; the next wave is twice as large. The wave is part of the operation's state, so that whoever takes it up watches the same machines.
 *
 * A step may take longer to fail than a wave is watched, by a time limit of a minute, say. Those of which nothing is known by then are
 * judged with the next wave: else slow failures would never stop a redrive.
 */
export class RedriveWalk {
  constructor(
    private readonly store: OperationStore,
    private readonly listing: MachineListing,
    private readonly steering: RepeatableSteering,
  ) {}

  /** @returns the next turn, or nothing while the wave is to be looked at again a little later */
  async turn(spec: RedriveSpec, state: OperationState): Promise<Turn | undefined> {
    const { walk } = state;
    const { wave = FIRST } = walk;
    if (walk.hand.length > 0) return this.retry(state, wave);
    if (wave.members.length > 0) return this.judge(state, wave);
    const left = spec.count === null ? Infinity : spec.count - state.done;
    if (walk.cursor === null || left <= 0) return { walk, end: 'done' };
    const page = await listBefore(this.listing, { failure: spec.group }, state, Math.min(wave.size, left));
    return { walk: { ...page, wave } };
  }

  private async retry(state: OperationState, wave: Wave): Promise<Turn> {
    const { cursor, hand } = state.walk;
    const { tally, done } = await actOnHand(this.steering, state, 'retry');
    const retried = new Set(done);
    const members = hand.filter(({ id }) => retried.has(id));
    return { walk: { cursor, hand: [], wave: { ...wave, since: state.now, members } }, tally };
  }

  private async judge(state: OperationState, { size, since, members, carried }: Wave): Promise<Turn | undefined> {
    const isLate = state.now - since >= WATCH_MS;
    const all = [...carried, ...members];
    const standings = await this.store.standings(all.map(({ id }) => id));
    const fates = all.map((machine, i) => fateOf(machine, standings[i], isLate || i < carried.length));
    const isOpen = (i: number): boolean => fates[i] === 'open';
    const again = fates.filter((fate) => fate === 'again').length;
    const isOver = isLate || !members.some((_, i) => isOpen(carried.length + i));
    const known = all.length - fates.filter((fate) => fate === 'open').length;
    const isHopeless = 2 * again > (isOver ? known : all.length);
    if (!isOver && !isHopeless) return undefined;
    const wave = {
      size: Math.min(2 * size, MAX_WAVE),
      ...{ since, members: [] },
      carried: all.filter((_, i) => isOpen(i)).slice(-MAX_WAVE),
    };
    return {
      walk: { cursor: state.walk.cursor, hand: [], wave },
      tally: { failedAgain: again },
      ...(isHopeless ? { end: 'they fail again' as const } : {}),
    };
  }
}

/**
 * A retried machine's step either fails again or is behind it; where it then stands is of no interest. Steps tell that, not groups: a
 * step that fails again with other words is no better than with the same. An attempt that failed may be followed by more of them, far
 * apart: when the time is up, a machine that still tries has failed as well.
 */
function fateOf({ steps }: ListedAt, standing: Standing | undefined, isLate: boolean): 'again' | 'open' | 'past' {
  if (!standing || standing.steps !== steps) return 'past';
  switch (standing.status) {
    case 'failed':
      return 'again';
    case 'queued':
    case 'running':
    case 'delayed':
      return isLate && standing.retries > 0 ? 'again' : 'open';
    default:
      return 'past';
  }
}
