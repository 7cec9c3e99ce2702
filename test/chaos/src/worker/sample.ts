import { readdirSync } from 'node:fs';

/** What a process holds, measured when all that can be let go has been. */
export interface Sample {
  /** Bytes. */
  readonly rss: number;
  /** Bytes of objects in use, and of buffers outside the heap. */
  readonly used: number;
  /** Open file descriptors. */
  readonly descriptors: number;
}

/** @throws Error when the process was not started with --expose-gc */
export function sample(): Sample {
  if (!globalThis.gc) throw new Error('start this process with --expose-gc: its memory cannot be measured');
  globalThis.gc();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, used: heapUsed + external, descriptors: readdirSync('/proc/self/fd').length };
}
