import type { Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import { ModulesContainer } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { RequestMethod } from '@nestjs/common';
import { MOUNTS } from '../../../apps/api/src/access/mounts';
import { NEEDS, type Need } from '../../../apps/api/src/access/needs';
import { SCOPED, type Scoping } from '../../../apps/api/src/access/scoped';

/** A route of the running application, and what it declares. */
export interface ListedRoute {
  readonly method: string;
  /** With `:id` and the like in it. */
  readonly path: string;
  readonly needs: readonly Need[];
  /** `whole`: for callers without a scope. */
  readonly scoped: Scoping | 'whole';
}

export interface RouteTable {
  readonly routes: readonly ListedRoute[];
  /** What Express would serve without asking who calls: nothing, or the test fails. */
  readonly undeclared: readonly string[];
}

interface Layer {
  readonly name: string;
  readonly rawPath: string | readonly string[] | RegExp;
  readonly slash: boolean;
  readonly handle: (...args: never[]) => unknown;
  readonly route?: { readonly path: string | readonly string[]; readonly methods: Readonly<Record<string, boolean>> };
}

/** What runs before every route and answers none. */
const BEFORE_ALL = new Set(['recordRefusals', 'securityHeaders', 'requireJson', 'jsonParser', 'nameJsonFaults', 'emptyIsNoBody']);

/** From Express's own stack, so that what nobody thought of is found, too. */
export function routeTableOf(app: NestExpressApplication): RouteTable {
  const { router } = app.getHttpAdapter().getInstance() as unknown as { router: { stack: readonly Layer[] } };
  const declared = declaredRoutes(app);
  const routes: ListedRoute[] = [];
  const undeclared: string[] = [];
  const doors = new Set<string>();
  let ours = -1;
  let notFound = false;
  for (const [place, layer] of router.stack.entries()) {
    if (layer.route) {
      const paths = [layer.route.path].flat();
      const methods = Object.keys(layer.route.methods).map((method) => method.toUpperCase());
      for (const path of paths) for (const method of methods) if (listRoute(method, path)) ours = place;
      continue;
    }
    // The first one is Nest's own, for its hooks; with four arguments one gets errors only.
    if (layer.slash && (place === 0 || BEFORE_ALL.has(layer.name) || layer.handle.length === 4)) continue;
    if (layer.slash && !notFound && ours >= 0 && place === ours + 1) {
      notFound = true; // Nest's own, which says that there is no such route
      continue;
    }
    for (const path of [layer.rawPath].flat()) {
      const mounted = String(path).replace(/\/+$/, '');
      if (layer.name === 'door') doors.add(mounted);
      else if (!isBehind(mounted, doors)) undeclared.push(`${layer.name} at "${mounted}"`);
    }
  }
  for (const { path, needs, scoped } of MOUNTS) routes.push({ method: 'GET', path, needs, scoped });
  return { routes, undeclared };

  /** @returns whether it is a controller's */
  function listRoute(method: string, path: string): boolean {
    const found = declared.get(`${method} ${path}`);
    if (found) routes.push(found);
    else if (isBehind(path, doors)) routes.push({ ...mountOf(path), method, path });
    else undeclared.push(`${method} ${path}`);
    return found !== undefined;
  }
}

function isBehind(path: string, doors: ReadonlySet<string>): boolean {
  return [...doors].some((door) => path === door || path.startsWith(`${door}/`));
}

function mountOf(path: string): Pick<ListedRoute, 'needs' | 'scoped'> {
  const mount = MOUNTS.find((each) => path === each.path || path.startsWith(`${each.path}/`));
  if (!mount) throw new Error(`no mount has ${path}`);
  return mount;
}

function declaredRoutes(app: NestExpressApplication): ReadonlyMap<string, ListedRoute> {
  const found = new Map<string, ListedRoute>();
  for (const module of app.get(ModulesContainer).values()) {
    for (const { metatype } of module.controllers.values()) {
      if (metatype) for (const route of routesOf(metatype as Type)) found.set(`${route.method} ${route.path}`, route);
    }
  }
  return found;
}

function routesOf(controller: Type): ListedRoute[] {
  const prototype = controller.prototype as Record<string, unknown>;
  const base = String(Reflect.getMetadata(PATH_METADATA, controller) ?? '');
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const handler = prototype[name];
    if (name === 'constructor' || typeof handler !== 'function') return [];
    const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
    const read = <T>(key: string): T | undefined =>
      (Reflect.getMetadata(key, handler) ?? Reflect.getMetadata(key, controller)) as T | undefined;
    const needs = read<Need | readonly Need[]>(NEEDS);
    if (method === undefined || needs === undefined) return []; // found to be undeclared then
    const path = `/${base}/${String(Reflect.getMetadata(PATH_METADATA, handler))}`.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
    return [{ method: RequestMethod[method], path, needs: [needs].flat(), scoped: read<Scoping>(SCOPED) ?? 'whole' }];
  });
}
