import { StileError, StoreUnavailableError } from '../core/errors';
import { OPERATIONS, type FaultInjector, type Moment, type Operation } from './fault-injector';
import { seededRandom } from './seeded-random';

export interface ChaosOptions {
  /** The same seed and the same order of operations give the same faults. @default 1 */
  readonly seed?: number;
  /** By operation (see {@link OPERATIONS}), or `*` for all that are not named: how probable an error is, 0 … 1. */
  readonly errors: Readonly<Partial<Record<Operation | '*', number>>>;
}

export class InvalidChaosError extends StileError {
  readonly code = 'INVALID_CHAOS';
}

/** What an injected fault looks like to the code it meets: a store that did not answer. */
export class InjectedFault extends Error {
  constructor(moment: Moment, operation: Operation) {
    super(`injected ${moment === 'before' ? 'instead of' : 'after'} ${operation}`);
    this.name = 'InjectedFault';
  }
}

/**
 * Errors at random, half of them thrown after the real call took place, as when a reply is lost. What Stile promises holds under them:
 * to be seen in one's own tests, with one's own actions.
 */
export class RandomFaults implements FaultInjector {
  private readonly random: () => number;
  /** Thrown after the operation that is under way. */
  private readonly injected = new Map<Operation, { before: number; after: number }>();

  /** @throws InvalidChaosError naming the operation or the probability that cannot be */
  constructor(private readonly options: ChaosOptions) {
    for (const [operation, probability] of Object.entries(options.errors)) {
      if (operation !== '*' && !OPERATIONS.includes(operation as Operation)) {
        throw new InvalidChaosError(
          `chaos: there is no operation "${operation}"; give "*" for all, or some of ${OPERATIONS.join(', ')}`,
        );
      }
      if (typeof probability !== 'number' || !(probability >= 0 && probability <= 1)) {
        throw new InvalidChaosError(`chaos: ${operation} is ${JSON.stringify(probability)}; give a probability from 0 to 1`);
      }
    }
    this.random = seededRandom(options.seed ?? 1);
  }

  /** Faults so far, by operation. */
  get counts(): ReadonlyMap<Operation, { readonly before: number; readonly after: number }> {
    return this.injected;
  }

  /** Each moment has half of the probability: an operation meets one of them at most, as one that was not made has no answer to lose. */
  reach(moment: Moment, operation: Operation): void {
    const probability = this.options.errors[operation] ?? this.options.errors['*'] ?? 0;
    const half = probability / 2;
    // Those that were spared before are 1 - half of all: of them, so many make half of all.
    const chance = moment === 'before' ? half : half / (1 - half);
    if (this.random() >= chance) return;
    const count = this.injected.get(operation) ?? { before: 0, after: 0 };
    count[moment]++;
    this.injected.set(operation, count);
    throw new StoreUnavailableError(new InjectedFault(moment, operation));
  }
}
