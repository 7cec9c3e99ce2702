import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';

/**
 * On every answer. The content policy keeps pages from asking anybody else for anything: the queue dashboard would fetch its fonts
 * from Google. Of helmet's headers one is left out: whether a browser may ask over TLS only is for whatever ends the TLS to say.
 */
const headers = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"], // of the queue dashboard and /docs; the page has a policy of its own
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'", 'data:'],
      frameAncestors: ["'none'"],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
    },
  },
  frameguard: { action: 'deny' },
  hsts: false,
});

/** Answers are of the moment, so nothing is kept on the way, pages' static files excepted. */
export function securityHeaders(request: Request, response: Response, next: NextFunction): void {
  if (/^\/v1\//i.test(request.path)) response.setHeader('Cache-Control', 'no-store');
  headers(request, response, next);
}
