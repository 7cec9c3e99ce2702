import type { Clock, Timer } from '@stile/lease';
import type { MachineStatus } from '../core/model';
import type { RecordStore } from '../core/ports';

const LOOK_MS = 100;
const ENDED: ReadonlySet<MachineStatus | undefined> = new Set(['completed', 'failed', 'cancelled', undefined]);

/** Waits for machines to end: one look at all of them every 100 ms, however many wait, and none when nobody does. */
export class EndWaiter {
  private readonly waiting = new Map<string, Set<() => void>>();
  private timer?: Timer;

  constructor(
    private readonly records: Pick<RecordStore, 'statuses'>,
    private readonly clock: Clock,
  ) {}

  /** Resolves when the machine has ended or is not there, when the time is over, or when the signal is aborted. */
  async wait(id: string, timeoutMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted || this.isOver((await this.records.statuses([id]))[0])) return;
    let leave!: () => void;
    const left = new Promise<void>((resolve) => (leave = resolve));
    const timer = this.clock.after(timeoutMs, leave);
    signal?.addEventListener('abort', leave, { once: true });
    const others = this.waiting.get(id);
    if (others) others.add(leave);
    else this.waiting.set(id, new Set([leave]));
    this.timer ??= this.clock.after(LOOK_MS, () => void this.look());
    await left;
    timer.cancel();
    signal?.removeEventListener('abort', leave);
    this.forget(id, leave);
  }

  private async look(): Promise<void> {
    const ids = [...this.waiting.keys()];
    // A store that does not answer keeps everybody waiting: each has a time of its own.
    const statuses = await this.records.statuses(ids).catch(() => undefined);
    ids.forEach((id, i) => {
      if (statuses && this.isOver(statuses[i])) for (const leave of this.waiting.get(id) ?? []) leave();
    });
    this.timer = this.waiting.size === 0 ? undefined : this.clock.after(LOOK_MS, () => void this.look());
  }

  private isOver(status: MachineStatus | undefined): boolean {
    return ENDED.has(status);
  }

  private forget(id: string, leave: () => void): void {
    const all = this.waiting.get(id);
    all?.delete(leave);
    if (all?.size === 0) this.waiting.delete(id);
  }
}
