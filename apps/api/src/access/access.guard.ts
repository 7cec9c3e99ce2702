import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ArchivedMachines, MachineNotFoundError, Machines, QuarantinedError } from '@stile/machine';
import type { Request } from 'express';
import { MACHINE_ID } from '../machines/machine-id';
import { ApiProblem } from '../problems/api-problem';
import { Authenticator } from './authenticator';
import type { Caller } from './caller';
import { NEEDS, type Need } from './needs';
import { gives } from './permission';
import { outside, Scope } from './scope';
import { SCOPED, type Scoping } from './scoped';

/**
 * Before every route of every controller: lets in who has what the route declares, and nobody where it declares nothing. What is not a
 * controller's, such as /queues and /docs, is behind `doorOf` in mounts.ts, which asks the same.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly machines: Machines,
    private readonly archived: ArchivedMachines,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const places = [context.getHandler(), context.getClass()];
    const declared = this.reflector.getAllAndOverride<Need | readonly Need[] | undefined>(NEEDS, places);
    if (declared === undefined) throw new ApiProblem('FORBIDDEN', 'the route does not say who may use it, so nobody may');
    const needs = typeof declared === 'string' ? [declared] : declared;
    if (needs.includes('nobody')) return true;
    const request = context.switchToHttp().getRequest<Request>();
    const caller = await admit(this.authenticator, request, needs);
    const scope = new Scope(caller);
    if (!scope.isWhole) {
      await this.hold(scope, this.reflector.getAllAndOverride<Scoping | undefined>(SCOPED, places), request);
    }
    return true;
  }

  private async hold(scope: Scope, scoping: Scoping | undefined, { params }: Request): Promise<void> {
    if (scoping === undefined) throw wholeOnly(scope);
    if (scoping === 'machine') await this.holdMachine(scope, String(params.id));
  }

  /**
   * A machine outside the scope is answered as one that is not there. Of another tenant's it is not even asked whether it is: what
   * is not read cannot be told, by the time that it takes either. For a scope of definitions the machine is read whether or not it
   * is there, and both end here.
   */
  private async holdMachine(scope: Scope, id: string): Promise<void> {
    if (!MACHINE_ID.test(id)) return; // the route says what an id is
    if (!scope.hasId(id)) throw new MachineNotFoundError(id);
    if (scope.definitions === undefined) return;
    const machine = await this.machines.get(id).catch((error: unknown) => {
      if (error instanceof QuarantinedError) return undefined; // what it was cannot be told
      throw error;
    });
    const one = machine ?? (await this.archived.get(id));
    if (!one || !scope.hasDefinition(one.machine)) throw new MachineNotFoundError(id);
  }
}

/** Lets a request in, and writes its caller down. @throws ApiProblem UNAUTHENTICATED, FORBIDDEN; StoreUnavailableError */
export async function admit(authenticator: Authenticator, request: Request, needs: readonly Need[]): Promise<Caller> {
  const caller = await authenticator.identify(request);
  request.caller = caller; // also of one that is refused: the audit log has its name
  if (!gives(caller.role, needs)) {
    throw new ApiProblem('FORBIDDEN', `this needs the role ${needs.join(' or ')}, and the caller is ${caller.role}`);
  }
  return caller;
}

/** @returns what tells a caller with a scope that this is for those without */
export function wholeOnly({ tenant, definitions = [] }: Scope): ApiProblem {
  const held = [
    ...(tenant === undefined ? [] : [`tenant ${tenant}`]),
    ...(definitions.length > 0 ? [definitions.join(', ')] : []),
  ];
  return outside(
    `this is of the whole deployment, and the caller is held to ${held.join(' and ')}; use a caller without a scope`,
  );
}
