import type { Timing } from '../core/timings';

const SEPARATOR = '\t';

/** Minutes that figures are of, the one that is not over included. */
export const SLOTS = 5;
/** How long a minute is kept: longer than it is read. */
export const SLOT_SECONDS = (SLOTS + 2) * 60;

/** Stands for a bucket: the sum of all times, whole microseconds. */
export const SUM = 'sum';

/** Fields of the hash of totals. @param part an octave, or the sum */
export function totalField(timing: Timing, machine: string, state: string, part: number | typeof SUM): string {
  return [timing, machine, state, part].join(SEPARATOR);
}

export function readTotalField(field: string) {
  const [timing = '', machine = '', state = '', part = ''] = field.split(SEPARATOR);
  return { timing: timing as Exclude<Timing, 'dwell'>, machine, state, part: part === SUM ? part : Number(part) } as const;
}

/** Fields of a definition's minute. */
export function windowField(timing: 'step' | 'dwell', state: string, bucket: number): string {
  return [timing, state, bucket].join(SEPARATOR);
}

export function readWindowField(field: string): { timing: 'step' | 'dwell'; state: string; bucket: number } {
  const [timing, state = '', bucket] = field.split(SEPARATOR);
  return { timing: timing === 'step' ? timing : 'dwell', state, bucket: Number(bucket) };
}
