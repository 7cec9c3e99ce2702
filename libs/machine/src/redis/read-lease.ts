import type { MachineLease } from '../core/model';
import { iso } from './view';

/** Of the lease that is kept beside the record, in the order in which `leaseOf` takes them. */
export const LEASE_FIELDS = ['fence', 'nonce', 'until'] as const;

/** The record, the lease beside it, its entry in the watch, the server's time. */
export type LeaseReads = [
  record: Record<string, string>,
  lease: (string | null)[],
  watched: string | null,
  time: [string | number, string | number],
];

export function serverMs([seconds, micros]: LeaseReads[3]): number {
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
}

/**
 * Who runs a machine. Where its lease is kept in another store, which not every process can ask, the watch has when it runs out: whoever
 * claims or renews there writes it (J2). A sweep that finds an entry overdue moves it on and counts `drives`: then the lease is over.
 */
export function leaseOf(
  { status, fence, worker, drives }: Record<string, string | undefined>,
  [besideFence, nonce, until]: LeaseReads[1],
  watched: string | null,
  now: number,
): MachineLease | null {
  if (status !== 'running') return null;
  const beside = besideFence === fence && nonce !== '';
  const lapsed = !beside && (drives ?? '0') !== '0';
  const ends = lapsed ? 0 : Number((beside ? until : watched) ?? 0);
  return ends > now ? { worker: worker ?? '', fence: Number(fence), until: iso(ends) } : null;
}
