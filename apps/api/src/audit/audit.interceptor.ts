import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Machines, Schedules } from '@stile/machine';
import type { Request } from 'express';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { NEEDS, type Need } from '../access/needs';
import { maskToken } from '../problems/mask-token';
import { ACTS, type RouteAct } from './acts';
import { Audit } from './audit';
import { factsOf, pick, type Facts } from './pick';
import { markAudited } from './refused-requests';
import { isKnown, isOperator, whoOf } from './who';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Around every route that is no GET, whoever wrote it: such a route cannot be left out by forgetting it. Guards come before, pipes and the
 * route itself after the first entry, so what they refuse is in the log with its code.
 */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  constructor(
    private readonly audit: Audit,
    private readonly machines: Machines,
    private readonly schedules: Schedules,
    private readonly reflector: Reflector,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<Request>();
    if (READING.has(request.method)) return next.handle();
    markAudited(request);
    const route = ACTS[`${context.getClass().name}.${context.getHandler().name}`];
    const needs = this.reflector.getAllAndOverride<Need | readonly Need[] | undefined>(NEEDS, [
      context.getHandler(),
      context.getClass(),
    ]);
    const who = whoOf(request, !(needs?.includes('nobody') ?? false)); // of a token's holder nobody knows who he is
    if (route?.byPrograms && this.audit.scope !== 'all' && !isOperator(who)) return next.handle();
    const before = await this.before(route, request);
    const act = { ...describe(route, request), ...(before === undefined ? {} : { before }) };
    const work = (): Promise<unknown> => lastValueFrom(next.handle(), { defaultValue: undefined });
    if (isKnown(who)) return from(this.audit.around({ who, ...act }, work));
    const bounded = !(route?.byPrograms ?? false); // those are as many as there are tokens, and only there where everything is to be
    return from(this.audit.behind(act, work, () => whoOf(request, false), bounded));
  }

  /** Nothing where it cannot be read: the act itself will be told why. */
  private async before(route: RouteAct | undefined, request: Request): Promise<Facts | undefined> {
    try {
      const { id, name } = request.params as Record<string, string | undefined>;
      const view =
        route?.before === 'machine'
          ? await this.machines.get(id ?? '')
          : route?.before === 'schedule'
            ? await this.schedules.get(name ?? '')
            : undefined;
      return view && factsOf(view);
    } catch {
      return undefined;
    }
  }
}

function describe(route: RouteAct | undefined, request: Request): { act: string; on: string; details?: Facts } {
  const path = maskToken(request.path);
  if (!route) return { act: `${request.method} ${path}`, on: path };
  const details = route.details?.(request) ?? pick((request.body ?? {}) as Facts, ['by', 'why']);
  return { act: route.act, on: route.on(request), ...(Object.keys(details).length === 0 ? {} : { details }) };
}
