import type { OpenAPIObject } from '@nestjs/swagger';
import { StileRuntime } from '@stile/machine';
import type request from 'supertest';
import { uniquePrefix } from '../support/redis';
import { ApiStage, greet } from './api-support';

const json = 'application/json';
const big = 'x'.repeat(300 * 1024);
/** Deeper than any stack. */
const deep = '['.repeat(100_000) + ']'.repeat(100_000);
const post = (body: unknown, path = '/v1/machines') => ({
  method: 'post' as const,
  path,
  type: json,
  text: JSON.stringify(body),
});
const raw = (text: string, type: string | undefined = json) => ({
  method: 'post' as const,
  path: '/v1/machines',
  type,
  text,
});
const get = (path: string) => ({ method: 'get' as const, path });
const bulk = (body: unknown) => post(body, '/v1/machines/bulk');

interface Case {
  readonly method: 'get' | 'post' | 'put';
  readonly path: string;
  readonly type?: string;
  readonly text?: string;
}

/** Of a route, as OpenAPI describes it. */
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
}

/** What is asked, and what must come of it: status, code, fields at fault. */
type Row = [name: string, ask: Case, status: number, code: string, fields?: string[]];
const CASES: Row[] = [
  ['malformed JSON', raw('{"machine": '), 400, 'MALFORMED_REQUEST'],
  ['JSON that is no object', raw('"greet"'), 400, 'VALIDATION_FAILED', ['']],
  ['null', raw('null'), 400, 'VALIDATION_FAILED', ['']],
  ['an array', post([]), 400, 'VALIDATION_FAILED', ['']],
  ['no body', { method: 'post', path: '/v1/machines' }, 400, 'VALIDATION_FAILED', ['']],
  ['a form', raw('machine=greet', 'application/x-www-form-urlencoded'), 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['plain text', raw('{"machine":"greet"}', 'text/plain'), 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['another charset', raw('{"machine":"greet"}', 'application/json; charset=latin1'), 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['a body over 1 MB', post({ machine: 'greet', context: { a: 'x'.repeat(1024 * 1024) } }), 413, 'CONTENT_TOO_LARGE'],
  ['a context over 256 KB', post({ machine: 'greet', context: { big } }), 413, 'CONTEXT_TOO_LARGE'],
  ['a deep context', raw(`{"machine":"greet","context":${'{"a":'.repeat(5000)}1${'}'.repeat(5001)}`), 422, 'CONTEXT_NOT_JSON'],
  [
    'all wrong fields at once',
    post({
      correlationId: 123,
      context: [],
      version: '1',
      tags: { a: 1 },
      delayMs: -1,
      maxRetries: 1.5,
      state: 7,
      event: '',
      nope: 1,
    }),
    400,
    'VALIDATION_FAILED',
    ['nope', 'machine', 'correlationId', 'context', 'version', 'tags', 'delayMs', 'maxRetries', 'state', 'event'],
  ],
  ['a number as machine', post({ machine: 5 }), 400, 'VALIDATION_FAILED', ['machine']],
  ['null as version', post({ machine: 'greet', version: null }), 400, 'VALIDATION_FAILED', ['version']],
  ['null as context', post({ machine: 'greet', context: null }), 400, 'VALIDATION_FAILED', ['context']],
  ['a version that is a string', post({ machine: 'greet', version: '1' }), 400, 'VALIDATION_FAILED', ['version']],
  ['a time without an offset', post({ machine: 'greet', startAt: '2026-01-01T00:00:00' }), 400, 'VALIDATION_FAILED', ['startAt']],
  ['a day that is none', post({ machine: 'greet', startAt: '2026-02-30T00:00:00Z' }), 400, 'VALIDATION_FAILED', ['startAt']],
  [
    'a time and a delay',
    post({ machine: 'greet', startAt: '2026-01-01T00:00:00Z', delayMs: 1 }),
    400,
    'VALIDATION_FAILED',
    ['startAt'],
  ],
  ['an event for a machine that is not there', post({ event: 'a' }, '/v1/machines/nobody/events'), 404, 'MACHINE_NOT_FOUND'],
  ['an inbox that is not there', get('/v1/machines/nobody/inbox'), 404, 'MACHINE_NOT_FOUND'],
  ['children of a machine that is not there', get('/v1/machines/nobody/children'), 404, 'MACHINE_NOT_FOUND'],
  ['a stream of a machine that is not there', get('/v1/machines/nobody/stream'), 404, 'MACHINE_NOT_FOUND'],
  ['a pause of a machine that is not there', post({}, '/v1/machines/nobody/pause'), 404, 'MACHINE_NOT_FOUND'],
  ['a move of a quarantined machine', post({ state: 'hello' }, '/v1/machines/garbage/move'), 409, 'MACHINE_QUARANTINED'],
  [
    'a reason nested too deeply',
    { ...post({}, '/v1/machines/nobody/pause'), text: `{"why":${deep}}` },
    400,
    'VALIDATION_FAILED',
    ['why'],
  ],
  [
    'a filter nested too deeply',
    { ...post({}, '/v1/operations'), text: `{"act":"pause","filter":{"machine":${deep}}}` },
    400,
    'VALIDATION_FAILED',
    ['filter.machine'],
  ],
  ['an id with a space', post({ machine: 'greet', correlationId: 'a b' }), 400, 'VALIDATION_FAILED', ['correlationId']],
  ['an id with a line end', post({ machine: 'greet', correlationId: 'a\n' }), 400, 'VALIDATION_FAILED', ['correlationId']],
  [
    'an id of 129 characters',
    post({ machine: 'greet', correlationId: 'a'.repeat(129) }),
    400,
    'VALIDATION_FAILED',
    ['correlationId'],
  ],
  ['a field every object has', post({ machine: 'greet', toString: 1 }), 400, 'VALIDATION_FAILED', ['toString']],
  ['a field named constructor', post({ machine: 'greet', constructor: 1 }), 400, 'VALIDATION_FAILED', ['constructor']],
  ['__proto__ as a field', raw('{"machine":"greet","__proto__":{"version":1}}'), 400, 'VALIDATION_FAILED', ['__proto__']],
  [
    '__proto__ in the context',
    raw('{"machine":"greet","context":{"a":[{"__proto__":{"x":1}}]}}'),
    400,
    'VALIDATION_FAILED',
    ['context'],
  ],
  ['__proto__ as a tag', raw('{"machine":"greet","tags":{"__proto__":"x"}}'), 400, 'VALIDATION_FAILED', ['tags']],
  [
    '33 tags',
    post({ machine: 'greet', tags: Object.fromEntries(Array.from({ length: 33 }, (_, i) => [i, ''])) }),
    400,
    'VALIDATION_FAILED',
    ['tags'],
  ],
  ['a long tag', post({ machine: 'greet', tags: { a: 'x'.repeat(129) } }), 400, 'VALIDATION_FAILED', ['tags']],
  ['an unknown machine', post({ machine: 'nobody' }), 422, 'UNKNOWN_MACHINE'],
  ['a machine named like what every object has', post({ machine: 'constructor' }), 422, 'UNKNOWN_MACHINE'],
  ['an unknown version', post({ machine: 'greet', version: 9 }), 422, 'UNKNOWN_VERSION'],
  ['an unknown state', post({ machine: 'greet', state: 'nowhere', event: 'said' }), 422, 'INVALID_START', ['state']],
  ['an event the state lacks', post({ machine: 'greet', state: 'hello', event: 'sung' }), 422, 'INVALID_START', ['event']],
  ['a state without an event', post({ machine: 'greet', state: 'hello' }), 422, 'INVALID_START', ['event']],
  ['a machine that is not there', get('/v1/machines/nobody'), 404, 'MACHINE_NOT_FOUND'],
  ['history of a machine that is not there', get('/v1/machines/nobody/history'), 404, 'MACHINE_NOT_FOUND'],
  ['an impossible id', get('/v1/machines/a%20b'), 400, 'VALIDATION_FAILED', ['id']],
  ['a path that cannot be decoded', get('/v1/machines/%E0%A4%A'), 400, 'MALFORMED_REQUEST'],
  ['a quarantined machine', get('/v1/machines/garbage'), 409, 'MACHINE_QUARANTINED'],
  ['a start of a quarantined machine', post({ machine: 'greet', correlationId: 'wrong-type' }), 409, 'MACHINE_QUARANTINED'],
  ['an unknown definition', get('/v1/definitions/nobody'), 404, 'DEFINITION_NOT_FOUND'],
  ['an unknown version of a definition', get('/v1/definitions/greet?version=9'), 404, 'DEFINITION_NOT_FOUND'],
  ['a version that is none', get('/v1/definitions/greet?version=1e3'), 400, 'VALIDATION_FAILED', ['version']],
  ['two versions', get('/v1/definitions/greet?version=1&version=2'), 400, 'VALIDATION_FAILED', ['version']],
  ['an unknown parameter', get('/v1/definitions/greet?verison=1'), 400, 'VALIDATION_FAILED', ['verison']],
  ['an unknown route', get('/v1/nothing'), 404, 'ROUTE_NOT_FOUND'],
  ['an unknown method', { method: 'put', path: '/v1/machines' }, 404, 'ROUTE_NOT_FOUND'],
  ['bulk without items', bulk({ machine: 'greet' }), 400, 'VALIDATION_FAILED', ['items']],
  ['bulk with none', bulk({ machine: 'greet', items: [] }), 400, 'VALIDATION_FAILED', ['items']],
  [
    'bulk with 1,001',
    bulk({ machine: 'greet', items: Array.from({ length: 1001 }, () => ({})) }),
    400,
    'VALIDATION_FAILED',
    ['items'],
  ],
  ['bulk with more than it knows', bulk({ machine: 'greet', items: [{}], version: 1 }), 400, 'VALIDATION_FAILED', ['version']],
  ['bulk of an unknown machine', bulk({ machine: 'nobody', items: [{}] }), 422, 'UNKNOWN_MACHINE'],
];

describe('errors over HTTP', () => {
  const stage = new ApiStage(uniquePrefix('api-errors'));
  let http: ReturnType<typeof request>;

  beforeAll(async () => {
    await stage.publish(greet());
    const { app, http: agent } = await stage.api();
    http = agent;
    const { redis, keys } = app.get(StileRuntime);
    await redis.hset(keys.record('garbage'), 'machine', 'greet', 'status', 'dancing');
    await redis.set(keys.record('wrong-type'), 'a string');
  });
  afterAll(() => stage.close());

  it.each(CASES)('%s', async (...row: Row) => {
    const [, ask, status, code, fields = []] = row;
    let test = ask.method === 'get' ? http.get(ask.path) : http[ask.method](ask.path);
    if (ask.type !== undefined) test = test.set('Content-Type', ask.type);
    const { body, headers, status: given } = await test.send(ask.text);
    expect({ given, ...body }).toMatchObject({ given: status, status, code });
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(body).toMatchObject({
      type: `urn:stile:problem:${code.toLowerCase().replaceAll('_', '-')}`,
      title: expect.any(String),
      detail: expect.stringMatching(/\S/),
      instance: ask.path.split('?')[0],
    });
    expect(Object.keys(body)).not.toContain('stack');
    const errors = (body.errors ?? []) as { field: string; problem: string }[];
    expect(errors.map(({ field }) => field)).toEqual(fields);
    expect(errors.every(({ problem }) => problem.length > 0)).toBe(true);
  });

  const SAID: [string, Case, string][] = [
    ['malformed JSON', raw('{"machine": }'), `the body is not JSON: Unexpected token '}'`],
    [
      'no body',
      { method: 'post', path: '/v1/machines' },
      'the body is missing; give a JSON object with: machine, correlationId,',
    ],
    ['an empty body', raw(''), 'the body is missing; give a JSON object with: machine, correlationId,'],
    ['null', raw('null'), 'the body is null; give a JSON object with: machine,'],
    ['an array', bulk([]), 'the body is an array; give a JSON object with: machine, items'],
    ['no field', post({}), 'machine is missing; give the name of a published machine'],
    [
      'text as delay',
      post({ machine: 'greet', delayMs: '5' }),
      'delayMs is "5"; give a whole number of ms from 0 to 315360000000',
    ],
    ['an impossible id', get('/v1/machines/a%20b'), 'id is "a b"; give 1 to 128 characters of A-Z a-z 0-9 _ . -'],
    ['bulk without items', bulk({ machine: 'greet' }), 'items is missing; give a list of 1 to 1000 items'],
    ['a state without an event', post({ machine: 'greet', state: 'nope' }), 'event is missing: give state and event together'],
    ['an unknown state', post({ machine: 'greet', state: 'nope', event: 'said' }), 'does not have; it has: hello, done'],
    ['an unknown route', get('/nope'), 'Cannot GET /nope; /docs shows the routes there are'],
  ];
  it.each(SAID)('says of %s what is wrong and what is wanted', async (_name, ask, words) => {
    const test = ask.method === 'get' ? http.get(ask.path) : http[ask.method](ask.path);
    const { body } = await (ask.type === undefined ? test : test.set('Content-Type', ask.type)).send(ask.text);
    expect(body.detail).toContain(words);
  });

  it('refuses unknown query parameters on every route', async () => {
    const { paths } = (await http.get('/docs-json')).body as OpenAPIObject;
    const routes = Object.entries(paths).filter(([path]) => path.startsWith('/v1/'));
    expect(routes.length).toBeGreaterThan(4);
    for (const [path, methods] of routes) {
      for (const [method, { parameters = [] }] of Object.entries(methods as object) as ['get', { parameters?: Parameter[] }][]) {
        // What a route cannot do without is given: all that is wrong is what it does not know.
        const wanted = parameters.filter((parameter) => parameter.in === 'query' && parameter.required);
        const given = wanted.map(({ name }) => `&${name}=greet`).join('');
        const { body } = await http[method](`${path.replace(/\{\w+\}/, 'greet')}?nope=1&__proto__=2${given}`);
        expect({ path, ...body }).toMatchObject({
          path,
          code: 'VALIDATION_FAILED',
          errors: [{ field: 'nope' }, { field: '__proto__' }],
        });
      }
    }
  });

  it('leaves nobody’s prototype changed', () => {
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  it('answers an error of its own with 500 and nothing of it', async () => {
    const { app, http: agent } = await stage.api();
    jest.spyOn(app.get(StileRuntime).machines, 'get').mockRejectedValue(new TypeError('secret of the house'));
    const { status, body, text } = await agent.get('/v1/machines/any');
    expect(status).toBe(500);
    expect(body).toMatchObject({ code: 'INTERNAL', status: 500, instance: '/v1/machines/any' });
    expect(text).not.toContain('secret');
  });

  it('gives every answer the headers that keep browsers honest', async () => {
    const { headers } = await http.get('/v1/machines/nobody');
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    const { headers: same } = await http.get('/V1/machines/nobody'); // the same route to Express
    expect(same['cache-control']).toBe('no-store');
  });
});
