import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

interface Sample {
  readonly at: number;
  readonly size: number;
}

/**
 * Knows how the append-only file of a Redis grew, and can cut it back. A SIGKILL alone loses nothing of what the server has written:
 * the kernel has it. What a power failure takes is what was written since the last fsync: under `everysec`, the last second.
 * The file must not be rewritten meanwhile (`--auto-aof-rewrite-percentage 0`).
 */
export class AofTail {
  private samples: Sample[] = [];

  /** @param dir the server's folder */
  constructor(private readonly dir: string) {}

  /** Notes how long the file is now. */
  sample(): void {
    this.samples.push({ at: Date.now(), size: statSync(this.file()).size });
    if (this.samples.length > 1000) this.samples = this.samples.slice(-500);
  }

  /**
   * The server is dead: takes away what was written in its last `ms`, at most to that and in the middle of a command, where a disk
   * may stop.
   *
   * @param random 0 … 1, where exactly
   * @returns bytes that are gone
   */
  cut(ms: number, random: number): number {
    const file = this.file();
    const { size } = statSync(file);
    const from = Date.now() - ms;
    const kept = this.samples.findIndex(({ at }) => at >= from);
    const [low, high] = [this.samples[kept]?.size ?? size, this.samples[kept + 1]?.size ?? size];
    const length = Math.min(size, low + Math.floor((high - low) * random));
    truncateSync(file, length);
    this.samples = [];
    return size - length;
  }

  private file(): string {
    const folder = join(this.dir, 'appendonlydir');
    const parts = readdirSync(folder).filter((name) => name.endsWith('.incr.aof'));
    if (parts.length !== 1) throw new Error(`${folder} has ${parts.length} incremental files, not 1: it has been rewritten`);
    return join(folder, parts[0] as string);
  }
}
