import { setTimeout as sleep } from 'node:timers/promises';
import type { Rig } from './rig';

const LOOK_MS = 100;

/**
 * Keeps workers there, as Kubernetes would: one that has died is started anew, and one whose entry is older than `deadAfterMs` is killed, as
 * a liveness probe would have it.
 */
export class Supervisor {
  /** Workers that died by themselves, by how: an exit code or a signal. */
  readonly deaths: Record<string, number> = {};
  /** Workers killed because they did not answer. */
  killed = 0;
  private stopped = false;
  private running?: Promise<void>;
  private readonly hung = new Set<string>();
  private readonly counted = new Set<string>();

  constructor(
    private readonly rig: Rig,
    private readonly workers: number,
    private readonly deadAfterMs: number,
  ) {}

  start(): void {
    this.running = this.loop();
  }

  /** Leaves the workers as they are. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async loop(): Promise<void> {
    const { fleet, client } = this.rig;
    while (!this.stopped) {
      for (const worker of fleet.all.filter(({ alive, name }) => !alive && !this.counted.has(name))) {
        this.counted.add(worker.name);
        if (this.hung.has(worker.name)) continue;
        const { how } = await worker.exited;
        this.deaths[how] = (this.deaths[how] ?? 0) + 1;
        this.rig.fault(`worker died: ${how}`, worker.name);
      }
      for (let missing = this.workers - fleet.alive.length; missing > 0; missing--) fleet.spawn();
      const silent = (await client.workers.list()).filter(({ lastSeenMs }) => lastSeenMs > this.deadAfterMs);
      for (const { name } of silent) {
        const worker = fleet.alive.find((one) => one.name === name);
        if (!worker || this.hung.has(name)) continue;
        this.hung.add(name);
        this.killed++;
        worker.kill('SIGKILL');
        this.rig.fault('sigkill', name);
      }
      await sleep(LOOK_MS);
    }
  }
}
