import type { Clock, Timer } from '@stile/lease';
import type { Job } from '../core/model';
import type { JobQueue } from '../core/ports';
import type { ShareStore, Turn } from '../core/share-ports';
import { tenantOf } from '../core/tenant';
import type { EngineLog } from './options';
import type { ShareWatch } from './share-watch';

export interface SlotParts {
  readonly store: ShareStore;
  readonly names: ShareWatch;
  readonly queue: Pick<JobQueue, 'add' | 'inspect' | 'promote'>;
  readonly clock: Clock;
  readonly log: EngineLog;
  /** Begins every token. */
  readonly incarnation: string;
  readonly leaseTtlMs: number;
}

/** What the dispatcher asks before it claims a machine. */
export interface Slots {
  /** Whether any limit concerns this job, as far as this worker knows; costs nothing. */
  concerns(job: Job): boolean;
  /** @returns what is to be given back, or `wait` where the machine stands in line: its job is to be put off */
  take(job: Job): Promise<Turn | 'wait'>;
  give(turn: Turn): Promise<void>;
}

const TEND_MS = 250;
/** For so long the watchdog leaves a machine in line alone. */
const ALONE_MS = 60_000;
const RENEWED_AT_ONCE = 500;
/** A slot outlasts the lease that was renewed just after it: whoever gets it next never runs beside its last owner's lease. */
const TTL_OF_LEASE = 1.5;
/** A job that asks at this very moment is put off a moment later. */
const LOOKS = [10, 20, 50, 100, 200, 500];

/**
 * The slots that one worker holds. It takes them before the claim, renews them beside the leases, and gives them back after the run: dying
 * anywhere between leaves slots that end by themselves after one and a half lease times.
 */
export class SlotKeeper implements Slots {
  private readonly held = new Map<string, Turn>();
  private readonly pending = new Set<Promise<void>>();
  private tokens = 0;
  private timer?: Timer;
  private round?: Promise<void>;
  private renewedAt = -Infinity;
  private stopped = false;
  /** As far as is known: they are served when the limits are gone, too. */
  private lines = true;

  constructor(private readonly parts: SlotParts) {}

  concerns({ correlationId, machine }: Job): boolean {
    const { names } = this.parts;
    return names.anyTurns && names.limitsTurns(tenantOf(correlationId), machine);
  }

  async take(job: Job): Promise<Turn | 'wait'> {
    const token = `${this.parts.incarnation}.s${++this.tokens}`;
    const turn = { ...turnOf(job), token };
    const { store } = this.parts;
    const result = await store.take(turn, job, this.ttlMs);
    this.wakeAll(result.woken);
    if (result.outcome === 'wait') {
      this.lines = true;
      this.behind(store.putOff(job.correlationId, ALONE_MS));
      return 'wait';
    }
    this.held.set(token, turn);
    return turn;
  }

  /** Never throws: what cannot be given back now ends by itself. */
  async give(turn: Turn): Promise<void> {
    this.held.delete(turn.token);
    await this.pass(this.parts.store.give(turn));
  }

  start(): void {
    this.plan(TEND_MS);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.timer?.cancel();
    await this.round;
    await Promise.all(this.pending);
  }

  private plan(ms: number): void {
    this.timer = this.parts.clock.after(ms, () => {
      this.round = this.tend().then((nextMs) => {
        if (!this.stopped) this.plan(nextMs);
      });
    });
  }

  /** @returns when to do so again, ms */
  private async tend(): Promise<number> {
    const { store, names, clock, log, leaseTtlMs } = this.parts;
    try {
      await names.refresh();
      if (this.held.size > 0 && clock.monotonic() - this.renewedAt >= leaseTtlMs / 3) await this.renew();
      if (!names.anyTurns && !this.lines) return TEND_MS;
      const { woken, lines, nextMs = TEND_MS } = await store.tend();
      this.lines = lines > 0;
      this.wakeAll(woken);
      return Math.max(5, Math.min(TEND_MS, nextMs));
    } catch (error) {
      log.debug(`could not look after slots: ${String(error)}`);
      return TEND_MS;
    }
  }

  private async renew(): Promise<void> {
    this.renewedAt = this.parts.clock.monotonic();
    const turns = [...this.held.values()];
    for (let from = 0; from < turns.length; from += RENEWED_AT_ONCE) {
      await this.parts.store.renew(turns.slice(from, from + RENEWED_AT_ONCE), this.ttlMs);
    }
  }

  private async pass(giving: Promise<readonly Job[]>): Promise<void> {
    try {
      this.wakeAll(await giving);
    } catch (error) {
      this.parts.log.debug(`a slot could not be given back, it ends by itself: ${String(error)}`);
    }
  }

  /** In the background. Whoever is not woken comes by itself, within a minute. */
  private wakeAll(jobs: readonly Job[]): void {
    for (const job of jobs) this.behind(this.wake(job));
  }

  private behind(work: Promise<void>): void {
    const done = work
      .catch((error: unknown) => this.parts.log.debug(`a machine in line could not be seen to: ${String(error)}`))
      .finally(() => this.pending.delete(done));
    this.pending.add(done);
  }

  private async wake(job: Job): Promise<void> {
    const { queue, clock } = this.parts;
    for (const ms of LOOKS) {
      if (await queue.promote(job)) return;
      const state = await queue.inspect(job);
      if (state === 'waiting') return;
      // It was lost, or its machine has gone on: made anew it comes for the slot, and gives it back where its claim is refused.
      if (state === 'gone' || state === 'ended') return queue.add([{ ...job, delayMs: 0 }]);
      await new Promise<void>((resolve) => void clock.after(ms, resolve));
    }
  }

  private get ttlMs(): number {
    return this.parts.leaseTtlMs * TTL_OF_LEASE;
  }
}

function turnOf({ correlationId, machine }: Job): Omit<Turn, 'token'> {
  const tenant = tenantOf(correlationId);
  return { correlationId, definition: machine, ...(tenant === undefined ? {} : { tenant }) };
}
