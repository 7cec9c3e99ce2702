import type { BoundDefinition, DefinitionSource } from '../core/bound-definition';
import type { MachineSource } from '../core/machine-source';
import type { ActionClass, ActionHandler } from '../core/step';
import { loadYamlText } from '../loader/yaml-loader';
import { sourceOfClass } from '../nest/class-source';
import { readAction, readStateMachine } from '../nest/metadata';
import { MachineRegistry } from '../nest/registry';

/** What `defineMachine` gives, a YAML text, or an instance of a class with `@StateMachine`. */
export type KitMachineSource = MachineSource | string | object;

/** Registered actions: functions, or instances of classes with a method `execute`. */
export type KitActions = Readonly<Record<string, ActionHandler | ActionClass>>;

/**
 * Binds machines to their actions, as an application does at boot.
 *
 * @throws DefinitionError with all problems
 */
export function bindMachines(machines: readonly KitMachineSource[], actions: KitActions): MachineRegistry {
  const registry = new MachineRegistry();
  machines.forEach((machine, i) => addMachine(registry, machine, i));
  for (const [name, action] of Object.entries(actions)) {
    const handler: ActionHandler = typeof action === 'function' ? action : (context, step) => action.execute(context, step);
    registry.addAction(name, handler, `actions.${name}`);
  }
  registry.bind();
  return registry;
}

function addMachine(registry: MachineRegistry, machine: KitMachineSource, index: number): void {
  if (typeof machine === 'string') {
    const { sources, problems } = loadYamlText(machine, `machines[${index}]`);
    registry.addProblems(problems);
    for (const source of sources) registry.addSource(source);
    return;
  }
  if (isSource(machine)) return registry.addSource(machine);
  const target = machine.constructor;
  const metadata = readStateMachine(target);
  const action = readAction(target);
  if (metadata) {
    const { source, problems } = sourceOfClass(machine, metadata);
    registry.addProblems(problems);
    registry.addSource(source);
  } else if (action === undefined) {
    throw new TypeError(
      `machines[${index}] is an instance of ${target.name}, which has neither @StateMachine nor @Action: ` +
        'give what defineMachine returns, a YAML text, or an instance of a decorated class',
    );
  }
  if (action !== undefined)
    registry.addAction(action, (context, step) => (machine as ActionClass).execute(context, step), target.name);
}

/** The same definitions, every action run through `around`. */
export function wrapActions(
  definitions: DefinitionSource,
  around: (name: string, handler: ActionHandler) => ActionHandler,
): DefinitionSource {
  const wrapped = definitions.all().map(({ definition, actions }): BoundDefinition => {
    return { definition, actions: new Map([...actions].map(([name, handler]) => [name, around(name, handler)])) };
  });
  return {
    all: () => wrapped,
    find: (name, version) => wrapped.find(({ definition }) => definition.name === name && definition.version === version),
  };
}

function isSource(machine: object): machine is MachineSource {
  return 'definition' in machine && 'actions' in machine && 'origin' in machine;
}
