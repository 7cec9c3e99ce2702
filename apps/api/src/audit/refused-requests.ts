import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { maskToken } from '../problems/mask-token';
import type { Audit } from './audit';
import { whoOf } from './who';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);
const audited = new WeakSet<Request>();

/** Entries of this request are seen to elsewhere. */
export function markAudited(request: Request): void {
  audited.add(request);
}

/**
 * Before everything: sees the answers that guards gave, which come before any route's own entries. 401 and 403 of whatever was to change
 * something and, of callers that are known, the 404 that hides what is others'.
 */
export function recordRefused(audit: Audit): RequestHandler {
  return function recordRefusals(request: Request, response: Response, next: NextFunction): void {
    if (!READING.has(request.method)) {
      response.once('finish', () => {
        const { statusCode: status } = response;
        const hidden = status === 404 && request.route !== undefined && request.caller !== undefined;
        if (audited.has(request) || (status !== 401 && status !== 403 && !hidden)) return;
        const path = maskToken(request.originalUrl.split('?', 1)[0] ?? '');
        void audit.refused({ who: whoOf(request, false), act: `${request.method} ${path}`, on: path }, String(status));
      });
    }
    next();
  };
}

/** Around what is no route of Nest's, such as the dashboard of the queues. Behind whatever lets callers in. */
export function auditRequests(audit: Audit): RequestHandler {
  return function recordRefusals(request: Request, response: Response, next: NextFunction): void {
    if (READING.has(request.method)) {
      next();
      return;
    }
    markAudited(request);
    const path = maskToken(request.originalUrl.split('?', 1)[0] ?? '');
    const act = { who: whoOf(request, true), act: `${request.method} ${path}`, on: path };
    audit
      .around(act, () => answered(response, next))
      .catch((error: unknown) => {
        if (!(error instanceof Answered)) next(error);
      });
  };
}

/** An answer that was no success. */
class Answered extends Error {
  constructor(private readonly status: number) {
    super(`answered ${status}`);
  }
  getStatus(): number {
    return this.status;
  }
}

function answered(response: Response, next: NextFunction): Promise<void> {
  return new Promise((resolve, reject) => {
    response.once('close', () => {
      const status = response.writableFinished ? response.statusCode : 500; // who asked has gone: nobody knows what came of it
      if (status < 400) resolve();
      else reject(new Answered(status));
    });
    next();
  });
}
