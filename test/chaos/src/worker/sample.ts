import { readdirSync } from 'node:fs';
import { getHeapCodeStatistics } from 'node:v8';

/** What a process holds, measured when all that can be let go has been. */
export interface Sample {
  /** Bytes. */
  readonly rss: number;
  /** Bytes of objects in use, and of buffers outside the heap; without `code`. */
  readonly used: number;
  /**
   * Bytes of code, compiled and being run, with what V8 notes of it. What runs once a second is compiled after minutes, and anew after more: of
   * what a worker's heap has grown by from its 2nd to its 7th minute, two thirds were code.
   */
  readonly code: number;
  /** Open file descriptors. */
  readonly descriptors: number;
}

/** @throws Error when the process was not started with --expose-gc */
export function sample(): Sample {
  if (!globalThis.gc) throw new Error('start this process with --expose-gc: its memory cannot be measured');
  globalThis.gc();
  const { rss, heapUsed, external } = process.memoryUsage();
  const { code_and_metadata_size: compiled, bytecode_and_metadata_size: bytecode } = getHeapCodeStatistics();
  const code = compiled + bytecode;
  return { rss, used: heapUsed + external - code, code, descriptors: readdirSync('/proc/self/fd').length };
}
