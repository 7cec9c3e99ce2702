import type { Entry } from './cursor';

/** Entries of a piece at most: Redis reads their records meanwhile, which takes it a millisecond, or three where each has a long error. */
const MOST = 128;

/** What to ask of a source: the entries after one, so many. */
export interface Asked {
  /** None at the beginning. */
  readonly after?: Entry;
  readonly count: number;
}

/**
 * How many entries to ask of each source at first, so that one time is enough: their mean and three standard deviations, as chance spreads machines,
 * and two more. From 2 to 64 sources that was enough for 99 of 100 pages of 50, simulated.
 */
export function pieceOf(entries: number, sources: number): number {
  const mean = entries / Math.max(1, sources);
  return Math.min(entries, Math.ceil(mean + 3 * Math.sqrt(mean)) + 2);
}

/**
 * Reads one source piece by piece, in order. A piece goes on after the last entry, whether or not that is still there: so nothing is passed over,
 * whatever is added or removed meanwhile.
 */
export class Range<E extends Entry> {
  private buffer: E[] = [];
  private complete = false;
  private count: number;

  /** @param piece entries to ask for at first; an even part of them where one script may not read so many */
  constructor(
    private after: Entry | undefined,
    piece: number,
  ) {
    this.count = Math.ceil(piece / Math.ceil(piece / MOST));
  }

  /** The next entry. Nothing where the set has to be asked first, or has no more. */
  get head(): E | undefined {
    return this.buffer[0];
  }

  /** What must be asked before the next entry is known; nothing where it is, or there is none. */
  get wants(): Asked | undefined {
    if (this.complete || this.buffer.length > 0) return undefined;
    return { ...(this.after && { after: this.after }), count: this.count };
  }

  /** @param found the answer to {@link wants} */
  take(found: readonly E[]): void {
    this.buffer = [...found];
    this.complete = found.length < this.count;
    this.after = found.at(-1) ?? this.after;
    this.count = Math.min(2 * this.count, MOST); // few sets need more than one piece, and those that do need many entries
  }

  shift(): void {
    this.buffer.shift();
  }
}
