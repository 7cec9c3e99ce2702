import type { NestExpressApplication } from '@nestjs/platform-express';
import { ProblemFilter } from '../problems/problem.filter';
import { emptyIsNoBody, nameJsonFaults } from './json-body';
import { MERGE_PATCH_TYPE, requireJson } from './media-type';
import { securityHeaders } from './security-headers';

const BODY_LIMIT = 1_048_576;

/**
 * What happens to every request before its route, and to every error after it.
 *
 * @param bodyLimit bytes. @default 1 MiB
 */
export function prepareHttp(app: NestExpressApplication, bodyLimit = BODY_LIMIT): void {
  app.disable('x-powered-by');
  app.set('etag', false); // hashing every answer costs more than it saves
  app.use(securityHeaders, requireJson);
  // Not strict: what a body must be is said by the route, not by the parser.
  app.useBodyParser('json', { limit: bodyLimit, strict: false, type: ['application/json', MERGE_PATCH_TYPE] });
  app.use(nameJsonFaults, emptyIsNoBody);
  app.useGlobalFilters(new ProblemFilter());
}
