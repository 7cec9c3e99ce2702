import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { StartRefusedError, UnknownMachineError } from '@stile/machine';
import type { Request, Response } from 'express';
import type { Caller } from '../access/caller';
import { ApiProblem } from './api-problem';
import { maskToken } from './mask-token';
import type { ProblemDto } from './problem.dto';
import { problemOf } from './problem-of';

const WARN_EVERY_MS = 1000;

/** Turns whatever was thrown into problem details. Errors of ours are logged with their stack, never with the request's body. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('Api');
  private warnedAt = -Infinity;

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const path = maskToken(request.originalUrl.split('?', 1)[0] ?? '');
    const problem = problemOf(forCaller(error, request.caller), path);
    if (problem.status === 500 || problem.code === 'STORE_UNAVAILABLE') this.report(`${request.method} ${path}`, problem, error);
    if (response.headersSent) {
      response.end();
      return;
    }
    if (problem.status === 503 || problem.status === 429) response.setHeader('Retry-After', retryAfter(error));
    if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="stile"');
    response.status(problem.status).setHeader('Content-Type', 'application/problem+json; charset=utf-8');
    response.end(JSON.stringify(problem));
  }

  private report(what: string, { code }: ProblemDto, error: unknown): void {
    const text = `${what}: ${String(error)}`;
    if (code === 'INTERNAL') {
      this.log.error(text, error instanceof Error ? error.stack : undefined);
    } else if (performance.now() - this.warnedAt >= WARN_EVERY_MS) {
      this.warnedAt = performance.now(); // an outage must not flood the log
      this.log.warn(text);
    }
  }
}

/** To who is held to some definitions, the names of the others are not told. */
function forCaller(error: unknown, caller: Caller | undefined): unknown {
  if (caller?.definitions === undefined || !(error instanceof UnknownMachineError)) return error;
  return new ApiProblem('UNKNOWN_MACHINE', `no worker has published a machine named "${error.machine}"`);
}

/** Whole seconds, as HTTP has them. */
function retryAfter(error: unknown): string {
  return String(error instanceof StartRefusedError ? Math.max(1, Math.ceil(error.retryAfterMs / 1000)) : 1);
}
