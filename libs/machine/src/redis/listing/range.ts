import { compare, type Entry, type Order } from './cursor';

/** What to ask of a source: entries from a bound on, so many. */
export interface Asked {
  /** The entry to go on after. Whoever answers may give it again, and others of its moment that come before it. None at the beginning. */
  readonly after?: Entry;
  readonly count: number;
}

/**
 * Reads one source piece by piece, in order. A piece goes on after the last entry, whether or not that is still there; where one brings nothing
 * new, as it began before that, the next is twice as large. So nothing is passed over, whatever is added or removed meanwhile.
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
