import { bindAll } from '../core/bind';
import type { BoundDefinition, DefinitionSource } from '../core/bound-definition';
import { DefinitionError, type Problem } from '../core/errors';
import type { MachineSource } from '../core/machine-source';
import type { ActionHandler } from '../core/step';

/** Collects machines and actions, then binds them once. What a worker can run. */
export class MachineRegistry implements DefinitionSource {
  private readonly sources: MachineSource[] = [];
  private readonly actions = new Map<string, { handler: ActionHandler; owner: string }>();
  private readonly problems: Problem[] = [];
  private bound = new Map<string, BoundDefinition>();

  addSource(source: MachineSource): void {
    this.sources.push(source);
  }

  addProblems(problems: readonly Problem[]): void {
    this.problems.push(...problems);
  }

  /** @param owner who registers it, for messages, e.g. `class CountUp` */
  addAction(name: string, handler: ActionHandler, owner: string): void {
    const taken = this.actions.get(name);
    if (taken) {
      const message = `action "${name}" is registered twice, by ${taken.owner} and ${owner}; rename one in its @Action`;
      this.problems.push({ severity: 'error', rule: 'duplicate-action', message });
      return;
    }
    this.actions.set(name, { handler, owner });
  }

  /**
   * Checks everything that was added and makes it what `find` and `all` answer.
   *
   * @returns the warnings
   * @throws DefinitionError with all problems at once
   */
  bind(): readonly Problem[] {
    const handlers = new Map([...this.actions].map(([name, { handler }]) => [name, handler]));
    const { bound, problems } = bindAll(this.sources, handlers);
    const all = [...this.problems, ...problems];
    if (all.some(({ severity }) => severity === 'error')) throw new DefinitionError(all);
    this.bound = new Map(bound.map((item) => [keyOf(item.definition.name, item.definition.version), item]));
    return all;
  }

  find(name: string, version: number): BoundDefinition | undefined {
    return this.bound.get(keyOf(name, version));
  }

  all(): readonly BoundDefinition[] {
    return [...this.bound.values()];
  }
}

function keyOf(name: string, version: number): string {
  return `${name}@${version}`;
}
