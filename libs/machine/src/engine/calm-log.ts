import type { Clock } from '@stile/lease';
import type { EngineLog } from './options';

/**
 * What an outage makes a worker say of everything it has in hand, machine by machine and job by job: fifty machines would fill the log
 * with hundreds of lines a second, none of which says more than the first. Everything else passes as it is; users' own lines go to {@link plain}.
 */
const FLOODS: readonly RegExp[] = [
  /^(queue|operations|schedules)\b[^:]*: /,
  /: the lease was lost, the signal is aborted$/,
  /: its action goes on long after the lease was lost, it is left alone$/,
  /: the write under fence \d+ was refused: another one has gone on$/,
  /: the store has failed over or was restarted since the claim, it is made again$/,
  /: the store is unavailable: .*; the step is made again, no retry is spent$/,
  /^the outbox of \S+ could not be delivered/,
  /^no lease store can answer for /,
  /^schedule \S+ could not be looked at/,
  /^(the watchdog could not sweep|finished machines could not be dropped): /,
  /^this worker could not say that it is there: /,
  /^machine \S+ is left to other workers: /,
  /^(operations|schedules) could not be looked at: /,
];
const EVERY_MS = 5000;
/** Lines of all floods together. */
const MOST_A_SECOND = 5;

/**
 * Lets the first line of a flood through, then one in five seconds, which says how many were held back. Lines with another error are
 * another flood; of all floods together at most five lines a second come through, the others' first lines are held back too.
 */
export class CalmLog implements EngineLog {
  /** By the flood's place and error: lines held back since the last one let through. */
  private readonly held = new Map<string, { count: number; last: string }>();
  /** Monotonic ms of the last lines let through, the oldest first. */
  private readonly passed: number[] = [];

  constructor(
    readonly to: EngineLog,
    private readonly clock: Clock,
  ) {}

  debug(message: string): void {
    this.to.debug(message);
  }
  log(message: string): void {
    this.to.log(message);
  }
  error(message: string): void {
    this.to.error(message);
  }

  warn(message: string): void {
    const place = FLOODS.findIndex((pattern) => pattern.test(message));
    if (place < 0) return this.to.warn(message);
    const flood = `${place}${errorOf(message)}`;
    const held = this.held.get(flood);
    if (held) {
      held.count++;
      held.last = message;
      return;
    }
    if (this.mayPass()) {
      this.to.warn(message);
      this.hold(flood);
    } else this.hold(flood, { count: 1, last: message });
  }

  /** Says at once what is held back: the process is about to end. */
  flush(): void {
    for (const { count, last } of this.held.values()) if (count > 0) this.to.warn(last);
    this.held.clear();
  }

  private hold(flood: string, held = { count: 0, last: '' }): void {
    this.held.set(flood, held);
    this.clock.after(EVERY_MS, () => {
      const { count, last } = this.held.get(flood) ?? { count: 0, last: '' };
      this.held.delete(flood);
      if (count === 0) return;
      if (!this.mayPass()) return this.hold(flood, { count, last });
      this.to.warn(count === 1 ? last : `${last} (and ${count - 1} more like this)`);
      this.hold(flood);
    });
  }

  private mayPass(): boolean {
    const now = this.clock.monotonic();
    while (this.passed[0] !== undefined && this.passed[0] <= now - 1000) this.passed.shift();
    if (this.passed.length >= MOST_A_SECOND) return false;
    this.passed.push(now);
    return true;
  }
}

/** The log behind, for what users say themselves. */
export function plain(log: EngineLog): EngineLog {
  return log instanceof CalmLog ? log.to : log;
}

/** What comes after the last colon, without words that have a digit in them: ports and ids of jobs differ, errors are few. */
function errorOf(message: string): string {
  return message
    .slice(message.lastIndexOf(': '))
    .replace(/\S*\d\S*/g, '#')
    .slice(0, 100);
}
