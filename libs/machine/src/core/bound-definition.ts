import type { Definition } from './definition';
import type { ActionHandler } from './step';

/** A definition together with the code of every action it names. What a worker can run. */
export interface BoundDefinition {
  readonly definition: Definition;
  /** By action name; complete: binding fails when one is missing. */
  readonly actions: ReadonlyMap<string, ActionHandler>;
}

/** The definitions a worker can run, by name and version. */
export interface DefinitionSource {
  find(name: string, version: number): BoundDefinition | undefined;
  all(): readonly BoundDefinition[];
}
