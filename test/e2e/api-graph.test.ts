import type request from 'supertest';
import { uniquePrefix } from '../support/redis';
import { ApiStage, greet } from './api-support';

const PATH = '/v1/definitions/greet/graph';

describe('GET /v1/definitions/:name/graph', () => {
  const stage = new ApiStage(uniquePrefix('api-graph'));
  let http: ReturnType<typeof request>;

  beforeAll(async () => {
    ({ http } = await stage.api());
    await stage.publish(greet(1), greet(2, 'slow'));
  });
  afterAll(() => stage.close());

  it.each([
    [
      'svg',
      'image/svg+xml; charset=utf-8',
      /^<svg [^]*<g class="node" id="state-hello" data-state="hello" data-initial="true">[^]*<\/svg>\n$/,
    ],
    ['dot', 'text/vnd.graphviz; charset=utf-8', /^digraph "greet@2" \{\n[^]*"hello" -> "done"/],
    ['mermaid', 'text/plain; charset=utf-8', /\nstateDiagram-v2\n/],
    ['asl', 'application/json; charset=utf-8', /"StartAt":"hello"/],
    ['xstate', 'application/json; charset=utf-8', /^\{"id":"greet","initial":"hello"/],
    ['json', 'application/json; charset=utf-8', /^\{"initial":"hello",.*"version":2\}$/],
  ])('answers as %s', async (format, type, pattern) => {
    const { status, headers, body, text } = await http
      .get(`${PATH}?format=${format}`)
      .buffer(true)
      .parse((response, done) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => done(null, Buffer.concat(chunks).toString('utf8')));
      });
    expect([status, headers['content-type']]).toEqual([200, type]);
    expect(text ?? body).toMatch(pattern);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'");
  });

  it('draws the highest version as SVG, unless asked otherwise', async () => {
    const newest = await http.get(PATH);
    expect(newest.headers['content-type']).toMatch(/^image\/svg/);
    expect((await http.get(`${PATH}?version=2`)).headers.etag).toBe(newest.headers.etag);
    expect((await http.get(`${PATH}?version=1`)).headers.etag).not.toBe(newest.headers.etag);
    expect((await http.get(`${PATH}?version=2&format=dot`)).headers.etag).not.toBe(newest.headers.etag);
  });

  it('says 304 to who has it already', async () => {
    const { headers } = await http.get(PATH);
    expect(headers['cache-control']).toBe('private, no-cache');
    await http.get(PATH).set('If-None-Match', headers.etag!).expect(304, '');
    await http.get(PATH).set('If-None-Match', '"another"').expect(200);
  });

  it('draws one picture for many who ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => http.get(`${PATH}?version=1`).expect(200)));
    expect(new Set(answers.map(({ body }) => String(body))).size).toBe(1);
  });

  it.each([
    ['?format=png', 400, 'VALIDATION_FAILED', ['format']],
    ['?version=0&format=', 400, 'VALIDATION_FAILED', ['version', 'format']],
    ['?size=9', 400, 'VALIDATION_FAILED', ['size']],
    ['?version=3', 404, 'DEFINITION_NOT_FOUND', undefined],
  ])('refuses %s', async (query, status, code, fields) => {
    const { body } = await http.get(PATH + query).expect(status);
    expect(body.code).toBe(code);
    expect(body.errors?.map(({ field }: { field: string }) => field).sort()).toEqual(fields?.sort());
  });

  it('knows what has been published only', async () => {
    const { body } = await http.get('/v1/definitions/nobody/graph').expect(404);
    expect(body.code).toBe('DEFINITION_NOT_FOUND');
  });
});
