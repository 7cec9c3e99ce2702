import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request, RequestHandler } from 'express';
import { admit, wholeOnly } from './access.guard';
import { Authenticator } from './authenticator';
import type { Need } from './needs';
import { Scope } from './scope';

/** What of the API is not a controller's, where it is, and who may use it. */
export interface Mount {
  /** All that is at this path and below it. */
  readonly path: string;
  readonly needs: readonly Need[];
  /** `whole`: of the deployment as a whole, for callers without a scope. `nothing`: of nothing that a scope is about. */
  readonly scoped: 'whole' | 'nothing';
}

/** A path that is served by something else than a controller and is not in here makes the test of the route table fail. */
export const MOUNTS: readonly Mount[] = [
  { path: '/queues', needs: ['admin'], scoped: 'whole' },
  { path: '/docs', needs: ['viewer', 'starter'], scoped: 'nothing' },
  { path: '/docs-json', needs: ['viewer', 'starter'], scoped: 'nothing' },
  { path: '/docs-yaml', needs: ['viewer', 'starter'], scoped: 'nothing' },
  // What the login consists of, too.
  { path: '/assets', needs: ['nobody'], scoped: 'nothing' },
];

/** Puts a door before each of them. Express finds what is mounted by the same paths, so none leads around. Call before they are mounted. */
export function closeDoors(app: NestExpressApplication): void {
  const authenticator = app.get(Authenticator, { strict: false });
  for (const mount of MOUNTS) app.use(mount.path, doorOf(mount, authenticator));
}

function doorOf({ needs, scoped }: Mount, authenticator: Authenticator): RequestHandler {
  const enter = async (request: Request): Promise<void> => {
    if (needs.includes('nobody')) return;
    const scope = new Scope(await admit(authenticator, request, needs));
    if (scoped === 'whole' && !scope.isWhole) throw wholeOnly(scope);
  };
  return function door(request, _response, next) {
    enter(request).then(() => next(), next);
  };
}
