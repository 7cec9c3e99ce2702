import type { BoundDefinition } from './bound-definition';
import type { Definition } from './definition';
import type { Problem } from './errors';
import type { DefinitionPart, MachineSource } from './machine-source';
import type { ActionHandler } from './step';
import { hint } from './suggest';
import { validateDefinition } from './validate';
import { Report } from './validation/report';

type Registry = ReadonlyMap<string, ActionHandler>;

/**
 * Gives every definition the code that its action names stand for: its own first, then the registry's.
 *
 * All problems of all sources come together. `bound` holds the definitions without an error.
 */
export function bindAll(
  sources: readonly MachineSource[],
  registry: Registry,
): { bound: readonly BoundDefinition[]; problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const bound: BoundDefinition[] = [];
  const owners = new Map<string, MachineSource>();
  for (const source of new Set(sources)) {
    const report = new Report(source);
    report.problems.push(...validateDefinition(source));
    if (report.problems.every(({ rule }) => rule !== 'wrong-type')) {
      checkOwner(source, owners, report);
      const actions = resolve(source, registry, report);
      if (report.problems.every(({ severity }) => severity === 'warning')) bound.push({ definition: source.definition, actions });
    }
    problems.push(...report.problems);
  }
  return { bound, problems };
}

/** A name and version belong to one source: which of two would run must not depend on their order. */
function checkOwner(source: MachineSource, owners: Map<string, MachineSource>, report: Report): void {
  const { name, version } = source.definition;
  const key = JSON.stringify([name, version]);
  const owner = owners.get(key);
  if (!owner) return void owners.set(key, source);
  const message = `machine "${name}" version ${version} is defined twice: by ${owner.origin} and by ${source.origin}`;
  report.error('duplicate-machine', `${message}; rename one or raise its version`, { field: 'name' });
}

function resolve({ definition, actions: own }: MachineSource, registry: Registry, report: Report): Registry {
  const actions = new Map<string, ActionHandler>();
  for (const { name, part } of actionsOf(definition)) {
    const handler = own.get(name) ?? registry.get(name);
    if (handler) actions.set(name, handler);
    else
      report.error(
        'unknown-action',
        `action "${name}" is not registered; ${hint(name, [...own.keys(), ...registry.keys()])}`,
        part,
      );
  }
  return actions;
}

/** Every action that a definition names, and where. */
function actionsOf({ states }: Definition): { name: string; part: DefinitionPart }[] {
  const found: { name?: string; part: DefinitionPart }[] = [];
  for (const [state, { transitions, ...actions }] of Object.entries(states)) {
    for (const field of ['entryAction', 'doAction', 'exitAction'] as const)
      found.push({ name: actions[field], part: { state, field } });
    for (const [event, { action }] of Object.entries(transitions))
      found.push({ name: action, part: { state, event, field: 'action' } });
  }
  return found.filter(
    (action): action is { name: string; part: DefinitionPart } => action.name !== undefined && action.name !== '',
  );
}
