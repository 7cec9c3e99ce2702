import type { Provider, Type } from '@nestjs/common';
import { bindAll } from '../core/bind';
import type { Problem } from '../core/errors';
import type { MachineSource } from '../core/machine-source';
import type { ActionHandler } from '../core/step';
import { sourceOfClass } from './class-source';
import type { LoadedMachines } from './load-machines';
import { readAction, readStateMachine } from './metadata';

/** What files come to, as far as that can be told without a worker. */
export interface CheckedMachines {
  readonly machines: readonly MachineSource[];
  /** Everything that is wrong, of all files. */
  readonly problems: readonly Problem[];
  /** Whether names of actions were looked up: only where code was loaded, and no Nest module that may register more of them. */
  readonly actionsChecked: boolean;
}

/**
 * Checks what was loaded as a worker would at its start, but connects to nothing and makes no provider: constructors, which may want a
 * database, do not run.
 */
export function checkMachines({ machines, providers, imports, problems: found }: LoadedMachines): CheckedMachines {
  const problems: Problem[] = [...found];
  const sources: MachineSource[] = [...machines];
  const actions = new Map<string, ActionHandler>();
  for (const provider of providers.filter(isClass)) {
    const machine = readStateMachine(provider);
    if (machine) {
      const read = sourceOfClass(Object.create(provider.prototype as object) as object, machine);
      problems.push(...read.problems);
      sources.push(read.source);
    }
    const action = readAction(provider);
    if (action !== undefined) actions.set(action, () => undefined);
  }
  const actionsChecked = actions.size > 0 && imports.length === 0;
  const bound = bindAll(sources, actions).problems;
  problems.push(...bound.filter(({ rule }) => actionsChecked || rule !== 'unknown-action'));
  return { machines: sources, problems, actionsChecked };
}

function isClass(provider: Provider): provider is Type {
  return typeof provider === 'function';
}
