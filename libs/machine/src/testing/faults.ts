/** Which attempts are meant; what is left out means any. Deliveries are told by `correlationId` alone. */
export interface FaultPlace {
  readonly machine?: string;
  readonly correlationId?: string;
  readonly steps?: number | readonly number[];
  readonly retries?: number | readonly number[];
  /** How often. @default 1 */
  readonly times?: number;
}

/** An attempt, or a delivery, that has come to a place where it may be disturbed. */
export interface Attempt {
  readonly correlationId: string;
  readonly machine?: string;
  readonly steps?: number;
  readonly retries?: number;
}

/**
 * Where a worker can be killed. `claim`, `commit`, `fail` and `release` are what it asks of the record; `note` stores a result of
 * `step.once`, a heartbeat or a callback token; `add` hands the next job, whose step counts here, to the queue; `in action` is when an
 * action has done its work and nothing of it is stored yet.
 *
 * Of what a commit has left to be delivered: `deliver` gives a message to its receiver, `result` a child's result to its parent, `start`
 * starts a child: each is told by the correlation id of whom it reaches. `settle` takes what is delivered out of its sender's outbox,
 * `started` notes at the parent which children are there.
 */
export type KillPoint =
  | 'in action'
  | `${'before' | 'after'} ${'claim' | 'commit' | 'fail' | 'release' | 'note' | 'add'}`
  | `${'before' | 'after'} ${'deliver' | 'result' | 'start' | 'settle' | 'started'}`;

interface Plan<T> {
  readonly kind: string;
  readonly place: FaultPlace;
  readonly what: T;
  left: number;
}

/** What a test has planned to go wrong. Each plan is used up by the attempts that meet it. */
export class Faults {
  private readonly plans: Plan<unknown>[] = [];

  plan<T>(kind: string, place: FaultPlace, what: T): void {
    this.plans.push({ kind, place, what, left: place.times ?? 1 });
  }

  /** Uses up a plan that this attempt meets, oldest first. */
  take<T>(kind: string, attempt: Attempt): T | undefined {
    const plan = this.plans.find((candidate) => candidate.kind === kind && candidate.left > 0 && meets(attempt, candidate.place));
    if (!plan) return undefined;
    plan.left--;
    return plan.what as T;
  }

  /** Plans that nothing has met yet, in words. */
  get unused(): string[] {
    return this.plans
      .filter(({ left, place }) => left === (place.times ?? 1))
      .map(({ kind, place }) => `${kind} ${JSON.stringify(place)}`);
  }
}

function meets(attempt: Attempt, { machine, correlationId, steps, retries }: FaultPlace): boolean {
  const same = (wanted: unknown, is: unknown) =>
    wanted === undefined || wanted === is || (Array.isArray(wanted) && wanted.includes(is));
  return (
    same(machine, attempt.machine) &&
    same(correlationId, attempt.correlationId) &&
    same(steps, attempt.steps) &&
    same(retries, attempt.retries)
  );
}
