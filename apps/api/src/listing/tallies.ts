import { Injectable } from '@nestjs/common';
import { MachineListing, type MachineFilter, type MachineTally } from '@stile/machine';

/** How long a tally is good, ms: pages ask every few seconds, and each is thousands of reads. */
const FRESH_MS = 5000;
const KEPT = 1000;

interface Kept {
  readonly until: number;
  readonly tally: Promise<MachineTally>;
}

/** Tallies of tenants' machines, each made once for all that ask within some seconds. */
@Injectable()
export class Tallies {
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly listing: MachineListing) {}

  of(filter: MachineFilter & { readonly idPrefix: string }): Promise<MachineTally> {
    const key = JSON.stringify(filter);
    const now = performance.now();
    const before = this.kept.get(key);
    if (before && now < before.until) return before.tally;
    if (this.kept.size >= KEPT) this.kept.clear();
    const tally = this.listing.tally(filter);
    this.kept.set(key, { until: now + FRESH_MS, tally });
    tally.catch(() => this.kept.delete(key));
    return tally;
  }
}
