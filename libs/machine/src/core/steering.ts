import type { MachineView } from './model';
import type { Json } from './step';

/** Who does it and why; both land in history. */
export interface Act {
  /** At most 128 characters. @default '' */
  readonly by?: string;
  /** At most 1000 characters. @default '' */
  readonly why?: string;
}

/** A definition, one version of it, or one of its states. */
export interface HoldTarget {
  readonly machine: string;
  readonly version?: number;
  readonly state?: string;
}

export interface Hold extends HoldTarget, Act {
  /** `order`, `order@2`, `order/charge`, `order@2/charge`. */
  readonly name: string;
  readonly since: string;
  /** Machines that it has stopped. */
  readonly held: number;
}

/**
 * What an operator does to a machine. Injectable. Every act takes effect once, whoever else acts at the same time, and is told in history.
 *
 * All throw MachineNotFoundError, QuarantinedError, StoreUnavailableError; and SteeringRefusedError where the machine's status
 * does not allow it, saying what does.
 */
export abstract class MachineSteering {
  /**
   * `graceful`: a step that runs has its signal aborted and is not committed; then the definition's `onCancel` state cleans up.
   * `now`: at once, nothing cleans up, the commit of a running step is refused. Children that do not outlive it are cancelled too.
   * A machine that is cancelled already stays as it is. @default graceful
   */
  abstract cancel(correlationId: string, act?: Act & { mode?: 'graceful' | 'now' }): Promise<MachineView>;
  /** The step in hand commits, then the machine rests. Timers and events wait. */
  abstract pause(correlationId: string, act?: Act): Promise<MachineView>;
  /** Goes on where it was stopped; what came due meanwhile is due now. */
  abstract resume(correlationId: string, act?: Act): Promise<MachineView>;
  /** Tries the step of a failed machine again, with all its retries. */
  abstract retry(correlationId: string, act?: Act): Promise<MachineView>;
  /**
   * Changes the context of a paused or failed machine.
   *
   * @param patch JSON merge patch (RFC 7396)
   * @param revision of the machine as it was read
   * @throws RevisionError when it has changed since; ContextTooLargeError
   */
  abstract edit(correlationId: string, patch: Json, revision: string, act?: Act): Promise<MachineView>;
  /** Takes a machine that is not running to another state, whose actions then run. A paused one goes there when it is resumed. */
  abstract move(correlationId: string, state: string, act?: Act): Promise<MachineView>;
  /**
   * Stops every machine of a definition, or every one about to enter a state, before its next step. Workers know within a second.
   *
   * @throws UnknownMachineError, UnknownVersionError, InvalidActError for a state that is not there
   */
  abstract hold(target: HoldTarget, act?: Act): Promise<Hold>;
  /** Lets go what a hold has stopped. @returns whether there was one */
  abstract unhold(target: HoldTarget): Promise<boolean>;
  abstract holds(): Promise<readonly Hold[]>;
}
