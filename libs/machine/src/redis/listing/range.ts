import { compare, type Entry, type Order } from './cursor';

/** What to ask of a sorted set: entries from a bound on, so many. */
export interface Asked {
  /** The entry to go on after; its own moment is asked for again, as others may have the same. None at the beginning. */
  readonly after?: Entry;
  readonly count: number;
}

/**
 * Reads one sorted set piece by piece, in order. A piece begins at the moment of the last entry, so that it is found whether or not that entry
 * is still there; where a piece brings nothing new, as more machines than it holds were started in that millisecond, the next is twice as
 * large. So nothing is passed over, whatever is added or removed meanwhile.
 */
export class Range {
  private buffer: Entry[] = [];
  private complete = false;

  constructor(
    private readonly order: Order,
    private after: Entry | undefined,
    private count: number,
  ) {}

  /** The next entry. Nothing where the set has to be asked first, or has no more. */
  get head(): Entry | undefined {
    return this.buffer[0];
  }

  /** What must be asked before the next entry is known; nothing where it is, or there is none. */
  get wants(): Asked | undefined {
    if (this.complete || this.buffer.length > 0) return undefined;
    return { ...(this.after && { after: this.after }), count: this.count };
  }

  /** @param found the answer to {@link wants} */
  take(found: readonly Entry[]): void {
    const { after, count } = this;
    this.buffer = after === undefined ? [...found] : found.filter((entry) => compare(this.order, after, entry) < 0);
    this.complete = found.length < count;
    this.after = this.buffer.at(-1) ?? after;
    this.count *= 2; // few sets need more than one piece, and those that do need many entries
  }

  shift(): void {
    this.buffer.shift();
  }
}
