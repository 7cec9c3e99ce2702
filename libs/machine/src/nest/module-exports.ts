import 'reflect-metadata';
import type { Provider, Type } from '@nestjs/common';
import type { MachineSource } from '../core/machine-source';
import { readAction, readStateMachine } from './metadata';

// Nest's own marks; not exported by it under a stable name, but part of its public contract with decorators.
const INJECTABLE = '__injectable__';
const MODULE_FIELDS = ['imports', 'providers', 'controllers', 'exports'];

/** The exports of a module that mean something to Stile. */
export interface SortedExports {
  readonly providers: readonly Provider[];
  readonly modules: readonly Type[];
  readonly machines: readonly MachineSource[];
}

/**
 * Looks at what a module exports: by name, as default, as the module itself, or in a list of any of these.
 */
export function sortExports(exported: unknown): SortedExports {
  const providers: Type[] = [];
  const modules: Type[] = [];
  const machines: MachineSource[] = [];
  for (const value of candidates(exported)) {
    if (typeof value === 'function') {
      if (MODULE_FIELDS.some((field) => Reflect.hasOwnMetadata(field, value))) modules.push(value as Type);
      else if (readStateMachine(value) || readAction(value) !== undefined || Reflect.hasMetadata(INJECTABLE, value)) {
        providers.push(value as Type);
      }
    } else if (isMachineSource(value)) machines.push(value);
  }
  return { providers, modules, machines };
}

function candidates(exported: unknown): Set<unknown> {
  const found = new Set<unknown>();
  const add = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(add);
    else found.add(value);
  };
  add(exported);
  if (typeof exported === 'object' && exported !== null && !Array.isArray(exported) && !isMachineSource(exported)) {
    for (const value of Object.values(exported)) add(value);
    const { default: main } = exported as { default?: unknown };
    if (typeof main === 'object' && main !== null && !isMachineSource(main)) Object.values(main).forEach(add);
  }
  return found;
}

function isMachineSource(value: unknown): value is MachineSource {
  if (typeof value !== 'object' || value === null) return false;
  const { definition, actions } = value as Partial<MachineSource>;
  return typeof definition === 'object' && actions instanceof Map;
}
