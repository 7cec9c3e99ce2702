import type { NestExpressApplication } from '@nestjs/platform-express';
import { StileRuntime, type AccessRole, type ApiKeyGrant } from '@stile/machine';
import { KEY_FRESH_MS } from '../../apps/api/src/access/key-check';
import { gives } from '../../apps/api/src/access/permission';
import { uniquePrefix, waitFor } from '../support/redis';
import { ApiStage, greet } from './api-support';
import { bearer, RawHttp, type Answer } from './support/raw-http';
import { routeTableOf, type ListedRoute } from './support/route-table';

const MACHINE = 'acme.canary-1';
const ROLES: readonly AccessRole[] = ['viewer', 'starter', 'operator', 'admin'];
const OVERRIDES = ['x-http-method-override', 'x-http-method', 'x-method-override'];

interface Variant {
  readonly name: string;
  readonly of: (path: string, method: string) => { path: string; method?: string; headers?: Record<string, string> };
  /** Express serves it as it serves the plain path. */
  readonly same?: boolean;
}

const VARIANTS: readonly Variant[] = [
  { name: 'plain', of: (path) => ({ path }), same: true },
  { name: 'another case', of: (path) => ({ path: upper(path) }), same: true },
  {
    name: 'percent-encoded',
    of: (path) => ({ path: path.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`) }),
  },
  { name: 'percent-encoded dots', of: (path) => ({ path: path.replaceAll('.', '%2E') }), same: true },
  { name: '// first', of: (path) => ({ path: `/${path}` }) },
  { name: '// within', of: (path) => ({ path: path.replace(/(.)\//, '$1//') }) },
  { name: 'trailing /', of: (path) => ({ path: `${path}/` }), same: true },
  { name: ';x', of: (path) => ({ path: `${path};x` }) },
  { name: ';x within', of: (path) => ({ path: path.replace(/(.)\//, '$1;x/') }) },
  { name: '/./', of: (path) => ({ path: `/.${path}` }) },
  { name: '/x/..', of: (path) => ({ path: `/assets/..${path}` }) },
  { name: 'HEAD', of: (path) => ({ path, method: 'HEAD' }) },
  {
    name: 'method override',
    of: (path, method) => ({
      path: `${path}?_method=${method}`,
      method: method === 'GET' ? 'POST' : 'GET',
      headers: Object.fromEntries(OVERRIDES.map((name) => [name, method])),
    }),
  },
];

/** Only the fixed parts: names in a path are told apart by their case. */
function upper(path: string): string {
  return path.replace(/^\/(v1\/[a-z]+|[a-z-]+)/, (text) => text.toUpperCase());
}

function pathOf(path: string): string {
  const values: Record<string, string> = { id: MACHINE, name: 'greet', item: '1', group: '0123456789abcdef', token: 'x~y' };
  return path.replace(/:(\w+)/g, (_, name: string) => values[name] ?? 'x');
}

describe('the route table', () => {
  const stage = new ApiStage(uniquePrefix('access-routes'));
  let app: NestExpressApplication;
  let http: RawHttp;
  let runtime: StileRuntime;
  let routes: readonly ListedRoute[];
  const keys = {} as Record<AccessRole | 'other' | 'expired' | 'revoked', string>;
  let sent = 0;

  const key = async (role: AccessRole, more: Partial<ApiKeyGrant> = {}): Promise<{ text: string; id: string }> => {
    const { text, view } = await runtime.apiKeys.create({ name: role, role, ...more }, Date.now());
    return { text, id: view.id };
  };
  const ask = (route: ListedRoute, variant: Variant, given?: string): Promise<Answer> => {
    sent++;
    const { path, method = route.method, headers } = variant.of(pathOf(route.path), route.method);
    const body = method === 'GET' || method === 'HEAD' ? undefined : {};
    return http.ask({ method, path, body, headers: { ...headers, ...(given === undefined ? {} : bearer(given)) } });
  };
  /** With another method, a path may be another route; with none it is the one that was meant. */
  const targetOf = (route: ListedRoute, variant: Variant): ListedRoute | undefined => {
    const { method = route.method } = variant.of(route.path, route.method);
    const meant = method === 'HEAD' ? 'GET' : method;
    const fits = ({ path }: ListedRoute): boolean => new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`).test(route.path);
    return routes.find((each) => each.method === meant && fits(each));
  };
  /** Everything that this caller is answered where it should not be: by a few at a time, all routes by all variants. */
  const wrongs = async (
    which: (route: ListedRoute) => string | undefined | null,
    isRight: (answer: Answer, variant: Variant, route: ListedRoute) => boolean,
  ): Promise<string[]> => {
    const found: string[] = [];
    const cases = routes.flatMap((route) => VARIANTS.map((variant) => ({ route, variant }))).values();
    const lane = async (): Promise<void> => {
      for (const { route, variant } of cases) {
        const given = which(route);
        const target = targetOf(route, variant);
        if (given === null || (target && which(target) === null)) continue;
        const answer = await ask(route, variant, given);
        if (!isRight(answer, variant, target ?? route)) {
          found.push(`${route.method} ${route.path}, ${variant.name}: ${answer.status} ${answer.text.slice(0, 200)}`);
        }
      }
    };
    await Promise.all(Array.from({ length: 8 }, lane));
    return found;
  };
  const refused = (...statuses: number[]) => {
    return (answer: Answer, { same, name }: Variant): boolean => {
      if (statuses.includes(answer.status)) return true;
      // What Express does not take for the route is no route; a HEAD of what is not for GET, neither.
      return !same && answer.status === 404 && (name === 'HEAD' || answer.code === 'ROUTE_NOT_FOUND');
    };
  };
  const needsSomebody = ({ needs }: ListedRoute): boolean => !needs.includes('nobody');

  beforeAll(async () => {
    await stage.publish(greet());
    ({ app } = await stage.api({ access: { auth: true, sessionMs: 60_000 } }));
    http = new RawHttp(app);
    runtime = app.get(StileRuntime);
    await runtime.machines.start({ machine: 'greet', correlationId: MACHINE, context: { text: 'canary' } });
    for (const role of ROLES) keys[role] = (await key(role)).text;
    keys.other = (await key('admin', { tenant: 'other' })).text;
    keys.expired = (await key('admin', { expiresAt: new Date(Date.now() + 50).toISOString() })).text;
    const gone = await key('admin');
    keys.revoked = gone.text;
    expect((await http.ask({ path: '/v1/definitions', headers: bearer(gone.text) })).status).toBe(200); // it is remembered now
    const revokedAt = performance.now();
    await runtime.apiKeys.revoke(gone.id);
    const whenRefused = async (): Promise<boolean> =>
      (await http.ask({ path: '/v1/definitions', headers: bearer(gone.text) })).status === 401;
    await waitFor(whenRefused, { what: 'the revoked key is refused', timeoutMs: KEY_FRESH_MS + 1000 });
    expect(performance.now() - revokedAt).toBeLessThan(KEY_FRESH_MS + 500);
    const table = routeTableOf(app);
    routes = table.routes;
    expect(table.undeclared).toEqual([]);
  });

  afterAll(async () => {
    http.close();
    await stage.close();
  });

  it('has every route of the application', () => {
    const names = routes.map(({ method, path }) => `${method} ${path}`);
    for (const known of [
      'POST /v1/machines',
      'GET /metrics',
      'GET /queues',
      'GET /docs',
      'GET /docs-json',
      'GET /assets',
      'GET /',
    ]) {
      expect(names).toContain(known);
    }
    expect(routes.length).toBeGreaterThan(50);
  });

  it('lets nobody in where somebody is needed', async () => {
    expect(await wrongs((route) => (needsSomebody(route) ? undefined : null), refused(401))).toEqual([]);
  });

  it.each(['expired', 'revoked'] as const)('lets nobody in with a key that is %s', async (which) => {
    expect(await wrongs((route) => (needsSomebody(route) ? keys[which] : null), refused(401))).toEqual([]);
  });

  it('refuses roles that do not give what a route needs', async () => {
    for (const role of ROLES) {
      const wrong = ({ needs }: ListedRoute): string | null => (gives(role, needs) ? null : keys[role]);
      expect(await wrongs(wrong, refused(403))).toEqual([]);
    }
  });

  it('shows another tenant nothing, and does nothing for it', async () => {
    const before = await runtime.machines.get(MACHINE);
    const asOther = ({ needs }: ListedRoute): string | null => (needs.includes('nobody') ? null : keys.other);
    const isRight = (answer: Answer, variant: Variant, { scoped }: ListedRoute): boolean => {
      if (answer.status < 300 && answer.text.includes('canary')) return false;
      if (scoped === 'whole') return refused(403)(answer, variant);
      // With ;x it is no id at all.
      if (scoped === 'machine') return answer.status === 404 || (!variant.same && answer.status === 400);
      return true;
    };
    expect(await wrongs(asOther, isRight)).toEqual([]);
    expect(await runtime.machines.get(MACHINE)).toEqual(before);
  });

  it('answers for a machine of another tenant as for one that is not there', async () => {
    for (const route of routes.filter(({ scoped }) => scoped === 'machine')) {
      const there = pathOf(route.path);
      const asked = [there, there.replace('canary-1', 'nothing')].map(async (path) => {
        const body = route.method === 'GET' ? undefined : {};
        const { status, text } = await http.ask({ method: route.method, path, body, headers: bearer(keys.other) });
        return { status, text: text.replaceAll('canary-1', 'nothing') };
      });
      const [existing, missing] = await Promise.all(asked);
      expect(existing).toEqual(missing);
    }
  });

  it('lets in who has what it takes', async () => {
    const shut: string[] = [];
    for (const route of routes) {
      const role = ROLES.find((each) => gives(each, route.needs));
      const path = pathOf(route.path);
      const body = route.method === 'GET' ? undefined : {};
      const headers = needsSomebody(route) && role !== undefined ? bearer(keys[role]) : {};
      const { status } = await http.ask({ method: route.method, path, body, headers, headOnly: true });
      if ([401, 403].includes(status)) shut.push(`${route.method} ${path}: ${status}`);
    }
    expect(shut).toEqual([]);
  });

  it('was asked thousands of times', () => {
    expect(sent).toBeGreaterThan(2000);
  });
});

it('finds what declares nothing', async () => {
  const stage = new ApiStage(uniquePrefix('access-undeclared'));
  try {
    const { app } = await stage.api();
    expect(routeTableOf(app).undeclared).toEqual([]);
    app.getHttpAdapter().get('/v1/secret', () => undefined);
    app.use('/hidden', function leak() {});
    app.use(function everywhere() {});
    app.use('/docs', function late() {}); // behind the door that is there
    expect(routeTableOf(app).undeclared).toEqual(['GET /v1/secret', 'leak at "/hidden"', 'everywhere at ""']);
  } finally {
    await stage.close();
  }
});
