import { Injectable } from '@nestjs/common';
import { Workers, type WorkerSeen } from '@stile/machine';

/** A worker that says nothing for so long is not there. */
export const SEEN_MS = 10_000;
/** A worker that took a job so recently takes jobs. */
const BUSY_MS = 15_000;
const PROBE_TIMEOUT_MS = 1000;
const PROBE_FRESH_MS = 1000;

export type Readiness =
  | { readonly ready: true; readonly seen: readonly WorkerSeen[] }
  | {
      readonly ready: false;
      readonly missing: string;
      /** Names of workers that are there all the same, which are not for everybody. */
      readonly idle?: readonly string[];
    };

/**
 * Whether a worker of ours really consumes. Workers that are busy show it; idle ones are asked by a job, at most once a second
 * however many ask for readiness.
 */
@Injectable()
export class ReadinessCheck {
  private asked?: Promise<boolean>;
  private freshUntil = Infinity;

  constructor(private readonly workers: Workers) {}

  async check(): Promise<Readiness> {
    let seen: readonly WorkerSeen[];
    try {
      seen = (await this.workers.list()).filter((worker) => worker.lastSeenMs < SEEN_MS);
    } catch {
      return { ready: false, missing: 'Redis does not answer' };
    }
    if (seen.length === 0) {
      return { ready: false, missing: `no worker was seen in the last ${SEEN_MS / 1000} seconds: start one` };
    }
    if (seen.some(takesJobs) || (await this.probed())) return { ready: true, seen };
    return { ready: false, missing: 'no worker takes jobs', idle: seen.map((worker) => worker.name) };
  }

  private probed(): Promise<boolean> {
    if (performance.now() >= this.freshUntil) this.asked = undefined;
    this.asked ??= this.ask();
    return this.asked;
  }

  private async ask(): Promise<boolean> {
    this.freshUntil = Infinity; // while it runs, all wait for the same answer
    const taken = await this.workers.probe(PROBE_TIMEOUT_MS).catch(() => false);
    this.freshUntil = performance.now() + PROBE_FRESH_MS;
    return taken;
  }
}

function takesJobs({ active, lastJobMs }: WorkerSeen): boolean {
  return active > 0 || (lastJobMs !== null && lastJobMs < BUSY_MS);
}
