import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { ApiProblem } from '../problems/api-problem';

/** For routes without query parameters: one that is given anyway is a mistake, and is refused like an unknown field. */
export class NoQueryGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const given = Object.keys(context.switchToHttp().getRequest<Request>().query);
    if (given.length === 0) return true;
    throw ApiProblem.invalid(
      given.map((field) => ({ field, problem: 'is not known here; this route takes no query parameters' })),
    );
  }
}
