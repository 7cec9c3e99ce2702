import type { HoldStore } from '../core/message-ports';
import type { HeldNames } from '../engine/engine-parts';

/** Holds, read before each job: in production a worker reads them twice a second, here it knows them at once. */
export class KitHolds implements HeldNames {
  private names: ReadonlySet<string> = new Set();

  constructor(private readonly store: Pick<HoldStore, 'names'>) {}

  get any(): boolean {
    return this.names.size > 0;
  }

  first(names: readonly string[]): string | undefined {
    return names.find((name) => this.names.has(name));
  }

  async refresh(): Promise<void> {
    this.names = new Set(await this.store.names());
  }
}
