import type { Clock } from '@stile/lease';
import { around } from '../chaos/around';
import type { Attempt, Faults, KillPoint } from './faults';

/** A promise that a dead process waits for. */
const never = (): Promise<never> => new Promise(() => undefined);

/**
 * Whether a worker lives. From its death on nothing that it does reaches anything: no call goes out, no reply comes in, no timer
 * fires. Its code is not told, as with SIGKILL.
 */
export class Life {
  private ended = false;
  private end!: () => void;
  readonly death = new Promise<void>((resolve) => (this.end = resolve));

  constructor(private readonly faults: Faults) {}

  get dead(): boolean {
    return this.ended;
  }

  /** @returns a promise that never settles when a kill was planned here, or came before */
  async reach(point: KillPoint, attempt: Attempt | undefined): Promise<void> {
    if (!this.ended && attempt && this.faults.take(point, attempt)) {
      this.ended = true;
      this.end();
    }
    if (this.ended) await never();
  }

  /** A port whose calls end with the worker, with a point to kill it at before and after each of the verbs that have one. */
  bind<T extends object>(port: T): T {
    return around(port, async (method, args, call) => {
      const attempt = attemptOf(args[0]);
      await this.reach(`before ${method}` as KillPoint, attempt);
      const result = await call();
      await this.reach(`after ${method}` as KillPoint, attempt);
      return result;
    });
  }

  bindClock(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      after: (ms, fn) => clock.after(ms, () => (this.ended ? undefined : fn())),
    };
  }
}

/** Claims and jobs say whose they are, and so does a correlation id; a list of jobs is that of its first one. */
function attemptOf(argument: unknown): Attempt | undefined {
  const one: unknown = Array.isArray(argument) ? argument[0] : argument;
  if (typeof one === 'string') return { correlationId: one };
  return typeof one === 'object' && one !== null && 'correlationId' in one ? (one as Attempt) : undefined;
}
