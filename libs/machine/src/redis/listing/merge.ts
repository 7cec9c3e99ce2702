import { compare, type Entry, type Order } from './cursor';
import { Range, type Asked } from './range';
import type { Source } from './sources';

export interface Want<E extends Entry = Entry> {
  readonly source: Source;
  readonly asked: Asked;
  readonly answer: (found: readonly E[]) => void;
}

/**
 * The entries of many sources as one list. One that is in two of them, as its machine was moved to another partition between two reads,
 * comes once. Asks nothing itself: {@link wants} says what it has to be told.
 */
export class Merge<E extends Entry = Entry> {
  private ranges: readonly (readonly [source: Source, range: Range<E>])[];

  /**
   * @param after the entry to go on after; none at the beginning
   * @param piece entries to ask of each source at first
   */
  constructor(
    sources: readonly Source[],
    private readonly order: Order,
    private after: Entry | undefined,
    piece: number,
  ) {
    this.ranges = sources.map((source) => [source, new Range<E>(after, piece)]);
  }

  /** What must be known before {@link next} can go on. */
  get wants(): readonly Want<E>[] {
    return this.ranges.flatMap(([source, range]) => {
      const asked = range.wants;
      return asked ? [{ source, asked, answer: (found) => range.take(found) }] : [];
    });
  }

  /** The next entry; 'asks' where something must be known first; nothing after the last one. */
  next(): E | 'asks' | undefined {
    let first: Range<E> | undefined;
    let ended = false;
    for (const [, range] of this.ranges) {
      const { head } = range;
      if (head === undefined) {
        if (range.wants) return 'asks';
        ended = true;
      } else if (first?.head === undefined || compare(this.order, head, first.head) < 0) first = range;
    }
    if (ended) this.ranges = this.ranges.filter(([, range]) => range.head !== undefined);
    const entry = first?.head;
    if (first === undefined || entry === undefined) return undefined;
    first.shift();
    if (this.after !== undefined && compare(this.order, this.after, entry) >= 0) return this.next();
    this.after = entry;
    return entry;
  }
}
