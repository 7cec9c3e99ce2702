import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { tenantOf, type MachineFilter } from '@stile/machine';
import { randomUUID } from 'node:crypto';
import type { Request } from 'express';
import { ApiProblem } from '../problems/api-problem';
import type { Caller } from './caller';

type Bounds = Pick<Caller, 'tenant' | 'definitions'>;

/** What of all machines there is for a caller. Every question of that kind is answered here. */
export class Scope {
  readonly tenant: string | undefined;
  readonly definitions: readonly string[] | undefined;

  constructor({ tenant, definitions }: Bounds) {
    this.tenant = tenant;
    this.definitions = definitions;
  }

  /** Everything. */
  get isWhole(): boolean {
    return this.tenant === undefined && this.definitions === undefined;
  }

  hasId(id: string): boolean {
    return this.tenant === undefined || tenantOf(id) === this.tenant;
  }

  hasDefinition(name: string): boolean {
    return this.definitions === undefined || this.definitions.includes(name);
  }

  /** A schedule is of the tenant that its machines are of: their ids are its name, a dot and the time. */
  hasSchedule({ name, machine }: { readonly name: string; readonly machine: string }): boolean {
    return this.hasId(`${name}.`) && this.hasDefinition(machine);
  }

  /** @throws ApiProblem OUTSIDE_SCOPE */
  requireDefinition(name: string): void {
    if (this.hasDefinition(name)) return;
    throw outside(`"${name}" is none of the definitions that this caller may use; those are: ${this.definitions?.join(', ')}`);
  }

  /** @throws ApiProblem OUTSIDE_SCOPE */
  requireSchedule(schedule: { readonly name: string; readonly machine: string }): void {
    this.requireDefinition(schedule.machine);
    if (this.hasSchedule(schedule)) return;
    throw outside(`names of schedules of tenant ${this.tenant} begin with "${this.tenant}.", as the ids of their machines do`);
  }

  /**
   * The id of a machine to be started: one that was given, or a new one where this caller's ids begin with its tenant. Undefined leaves
   * it to the engine.
   *
   * @throws ApiProblem OUTSIDE_SCOPE
   */
  newId(given: string | undefined): string | undefined {
    if (this.tenant === undefined) return given;
    if (given === undefined) return `${this.tenant}.${randomUUID()}`;
    if (this.hasId(given)) return given;
    throw outside(`ids of tenant ${this.tenant} begin with "${this.tenant}.", such as "${this.tenant}.${given}"`.slice(0, 300));
  }

  /**
   * What something is called that this caller has named itself: a tenant's names begin with the tenant, as the ids of its machines do, whether or not
   * they are given so. Without that a name that is taken would tell of another tenant, and could be taken away from one.
   */
  ownName(given: string): string {
    return this.hasId(given) ? given : `${this.tenant}.${given}`;
  }

  /** The part of a filter that is in the scope; undefined where nothing can be. */
  narrow(filter: MachineFilter): MachineFilter | undefined {
    const narrowed = { ...filter };
    if (this.tenant !== undefined) {
      const begin = `${this.tenant}.`;
      const { idPrefix = '' } = filter;
      if (!begin.startsWith(idPrefix) && !idPrefix.startsWith(begin)) return undefined;
      narrowed.idPrefix = idPrefix.startsWith(begin) ? idPrefix : begin;
    }
    if (this.definitions === undefined) return narrowed;
    if (filter.machine !== undefined) return this.hasDefinition(filter.machine) ? narrowed : undefined;
    const names = filter.machines?.filter((name) => this.hasDefinition(name)) ?? this.definitions;
    return names.length === 0 ? undefined : { ...narrowed, machines: names };
  }

  /** Whether a filter, as `narrow` has left it, is of this scope. */
  covers({ idPrefix = '', machine, machines }: MachineFilter): boolean {
    const names = machine === undefined ? machines : [machine];
    const named = this.definitions === undefined || (names !== undefined && names.every((name) => this.hasDefinition(name)));
    return named && (this.tenant === undefined || idPrefix.startsWith(`${this.tenant}.`));
  }

  /** For what is of all tenants together. @throws ApiProblem OUTSIDE_SCOPE */
  refuseTenant(wayOut: string): void {
    if (this.tenant !== undefined)
      throw outside(`this is of all tenants together, and the caller is of ${this.tenant}; ${wayOut}`);
  }
}

export function outside(detail: string): ApiProblem {
  return new ApiProblem('OUTSIDE_SCOPE', detail);
}

/** @throws Error where no guard has let the request in: nothing is shown by mistake */
export function scopeOf({ caller }: Pick<Request, 'caller'>): Scope {
  if (!caller) throw new Error('the route has no caller: it needs @Needs and the guard of access.guard.ts before it');
  return new Scope(caller);
}

/** `@CallerScope() scope: Scope` */
export const CallerScope = createParamDecorator((_: unknown, context: ExecutionContext) =>
  scopeOf(context.switchToHttp().getRequest<Request>()),
);
