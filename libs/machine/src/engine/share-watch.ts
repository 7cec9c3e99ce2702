import type { Clock } from '@stile/lease';
import type { ShareNames, ShareStore } from '../core/share-ports';

const NONE: ShareNames = { turns: new Set(), starts: new Set() };

/** Which names have limits, as one process knows them: read anew twice a second at most, so that nothing else pays for it. */
export class ShareWatch {
  private names = NONE;
  private readAt = -Infinity;
  private reading?: Promise<void>;

  constructor(
    private readonly store: Pick<ShareStore, 'names'>,
    private readonly clock: Clock,
    private readonly freshMs = 500,
  ) {}

  get anyTurns(): boolean {
    return this.names.turns.size > 0;
  }
  get anyStarts(): boolean {
    return this.names.starts.size > 0;
  }

  /** Whether a machine of these is limited in who is taken up. */
  limitsTurns(tenant: string | undefined, definition: string): boolean {
    return concerns(this.names.turns, tenant, definition);
  }
  limitsStarts(tenant: string | undefined, definition: string): boolean {
    return concerns(this.names.starts, tenant, definition);
  }

  /** Where they are old they are read anew: the first time before this resolves, later on behind it. */
  async fresh(): Promise<void> {
    const first = this.readAt === -Infinity;
    if (this.clock.monotonic() - this.readAt < this.freshMs && !first) return;
    const reading = this.refresh();
    if (first) await reading;
    else reading.catch(() => undefined); // an outage is told by what is asked next
  }

  /** Reads the names, unless that was done just now. */
  refresh(): Promise<void> {
    if (this.reading) return this.reading;
    if (this.clock.monotonic() - this.readAt < this.freshMs) return Promise.resolve();
    this.reading = this.read().finally(() => (this.reading = undefined));
    return this.reading;
  }

  private async read(): Promise<void> {
    this.names = await this.store.names();
    this.readAt = this.clock.monotonic();
  }
}

function concerns(names: ReadonlySet<string>, tenant: string | undefined, definition: string): boolean {
  if (names.size === 0) return false;
  const mine = [
    `definition:${definition}`,
    'definition:*',
    'all',
    ...(tenant === undefined ? [] : [`tenant:${tenant}`, 'tenant:*']),
  ];
  return mine.some((name) => names.has(name));
}
