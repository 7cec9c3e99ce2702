import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { InstanceWrapper } from '@nestjs/core/injector/instance-wrapper.js';
import type { Problem } from '../core/errors';
import type { ActionClass, ActionHandler } from '../core/step';
import { sourceOfClass } from './class-source';
import { MachineFeature } from './machine-feature';
import { readAction, readStateMachine } from './metadata';
import { MachineRegistry } from './registry';

/** Walks all providers once and registers every machine and action among them. */
@Injectable()
export class MachineExplorer {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly registry: MachineRegistry,
  ) {}

  explore(): void {
    const seen = new Set<unknown>();
    for (const wrapper of this.discovery.getProviders()) {
      const instance: unknown = wrapper.instance;
      if (typeof instance !== 'object' || instance === null || seen.has(instance)) continue;
      seen.add(instance);
      if (instance instanceof MachineFeature) this.addFeature(instance);
      else this.addDecorated(wrapper, instance);
    }
  }

  private addFeature({ machines, problems }: MachineFeature): void {
    this.registry.addProblems(problems);
    for (const source of machines) this.registry.addSource(source);
  }

  private addDecorated(wrapper: InstanceWrapper, instance: object): void {
    const target = instance.constructor;
    const machine = readStateMachine(target);
    const action = readAction(target);
    if (!machine && action === undefined) return;
    const owner = `class ${target.name || '(anonymous)'}`;
    if (!wrapper.isDependencyTreeStatic()) {
      this.registry.addProblems([notStatic(owner)]);
      return;
    }
    if (machine) {
      const { source, problems } = sourceOfClass(instance, machine);
      this.registry.addProblems(problems);
      this.registry.addSource(source);
    }
    if (action !== undefined) this.addAction(action, instance as Partial<ActionClass>, owner);
  }

  private addAction(name: string, instance: Partial<ActionClass>, owner: string): void {
    if (typeof instance.execute !== 'function') {
      const message = `@Action('${name}') is on a class without a method execute(context, step); add it`;
      this.registry.addProblems([{ severity: 'error', rule: 'no-execute', message, where: owner }]);
      return;
    }
    const execute: ActionHandler = (context, step) => (instance as ActionClass).execute(context, step);
    this.registry.addAction(name, execute, owner);
  }
}

function notStatic(owner: string): Problem {
  const message = 'is request-scoped, or depends on what is; a worker has no requests: make it a singleton';
  return { severity: 'error', rule: 'request-scoped', message, where: owner };
}
