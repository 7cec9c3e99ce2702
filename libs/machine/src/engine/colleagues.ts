import type { Clock } from '@stile/lease';
import type { Workers } from '../core/machines';

/** What was heard is asked for again after so long: workers say every two seconds that they are there. */
const FRESH_MS = 2000;
/** Who has said nothing for so long may be gone. */
const SILENT_MS = 10_000;

/** What the workers of a deployment run, as far as one of them has heard. */
export class Colleagues {
  private known: Promise<ReadonlySet<string>> = Promise.resolve(new Set());
  private askedAt = -Infinity;

  constructor(
    private readonly workers: Pick<Workers, 'list'>,
    private readonly clock: Clock,
  ) {}

  /** Whether a worker that lives has it. No where nobody can tell. */
  async have(machine: string, version: number): Promise<boolean> {
    const now = this.clock.monotonic();
    if (now - this.askedAt >= FRESH_MS) {
      this.askedAt = now;
      this.known = this.ask();
    }
    return (await this.known).has(`${machine}@${version}`);
  }

  private async ask(): Promise<ReadonlySet<string>> {
    const seen = await this.workers.list().catch(() => []);
    const alive = seen.filter(({ lastSeenMs }) => lastSeenMs < SILENT_MS);
    return new Set(alive.flatMap(({ definitions }) => definitions.map(({ name, version }) => `${name}@${version}`)));
  }
}
