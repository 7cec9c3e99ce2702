import type { Definition } from './definition';
import type { ActionHandler } from './step';

/** A part of a definition: the machine itself, a state, one of its transitions; or a field of either, as {@link Definition} calls it. */
export interface DefinitionPart {
  readonly state?: string;
  readonly event?: string;
  readonly field?: string;
}

/** A definition as its author wrote it, with the code that came with it. */
export interface MachineSource {
  readonly definition: Definition;
  /** Code that belongs to this definition alone, by action name; names that are not here are looked up in the action registry. */
  readonly actions: ReadonlyMap<string, ActionHandler>;
  /** Who wrote it, for messages: `orders.yaml:12`, `class OrderMachine`, `defineMachine('order')`. */
  readonly origin: string;
  /** Where a part was written, for sources that are files; the nearest part around it when it was not written at all. */
  readonly locate?: (part: DefinitionPart) => { file: string; line: number } | undefined;
  /** All states marked as initial, for sources that mark states; there must be one. @default the definition's `initial` */
  readonly initials?: readonly string[];
  /** Targets of transitions that were refused and reported already, such as one that was written twice: they count as reached. */
  readonly alsoReached?: readonly string[];
  /** Whole parts could not be read, and are reported already: what can be reached through them is not judged. @default false */
  readonly incomplete?: boolean;
}
