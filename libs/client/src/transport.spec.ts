import { StileApiError, StileConnectionError } from './errors';
import { fakeFetch, instantly, json, problem, refused, tooMuch, type Answer } from './testing/fake-fetch';
import { Transport, type Call, type TransportOptions } from './transport';

const call = (over: Partial<Call> = {}): Call => ({ method: 'GET', path: '/v1/x', repeatable: true, ...over });

function transport(answers: Answer[], options: Partial<TransportOptions> = {}) {
  const { fetch, seen } = fakeFetch(...answers);
  const parts = instantly();
  return { transport: new Transport({ url: 'http://api.example/', fetch, ...options }, parts), seen, slept: parts.slept };
}

describe('Transport', () => {
  it('sends JSON, queries without what is not there, and headers of its own', async () => {
    const { transport: t, seen } = transport([json({ a: 1 })], { headers: { authorization: 'Bearer x' } });
    const query = { a: 'b c', n: 0, none: undefined };
    expect(await t.json(call({ method: 'POST', query, body: { b: 1 }, headers: { 'if-match': '"1"' } }))).toEqual({ a: 1 });
    expect(seen).toEqual([
      {
        method: 'POST',
        url: 'http://api.example/v1/x?a=b+c&n=0',
        headers: { authorization: 'Bearer x', 'content-type': 'application/json', 'if-match': '"1"' },
        body: { b: 1 },
      },
    ]);
  });

  it('sends its key with every request', async () => {
    const { transport: t, seen } = transport([json({})], { apiKey: 'stile_a_b', headers: { 'x-way': '1' } });
    await t.json(call({ headers: { 'if-match': '"1"' } }));
    expect(seen[0]?.headers).toEqual({ authorization: 'Bearer stile_a_b', 'x-way': '1', 'if-match': '"1"' });
  });

  it('throws what the API says', async () => {
    const errors = [{ field: 'machine', problem: 'is missing' }];
    const { transport: t } = transport([problem(400, 'VALIDATION_FAILED', { errors, legal: ['a'] })]);
    const error: unknown = await t.json(call()).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(StileApiError);
    expect(error).toMatchObject({
      status: 400,
      code: 'VALIDATION_FAILED',
      detail: 'VALIDATION_FAILED it is',
      errors,
      legal: ['a'],
    });
  });

  it.each([['<html>Bad gateway</html>'], [''], ['null'], ['{"code": 5}']])(
    'does not take %j of a proxy for an answer of Stile',
    async (text) => {
      const { transport: t, seen } = transport([() => new Response(text, { status: 502 })]);
      await expect(t.json(call())).rejects.toMatchObject({ status: 502, code: 'UNEXPECTED_ANSWER' });
      expect(seen).toHaveLength(1);
    },
  );

  it.each<[string, Answer]>([
    ['nobody listens', refused],
    ['the store is away', problem(503, 'STORE_UNAVAILABLE')],
    ['the answer breaks off', () => new Response(new ReadableStream({ start: (c) => c.error(new TypeError('terminated')) }))],
  ])('asks again when %s', async (_what, answer) => {
    const { transport: t, seen, slept } = transport([answer, answer, json(7)]);
    expect(await t.json(call())).toBe(7);
    expect(seen).toHaveLength(3);
    expect(slept).toEqual([200, 400]); // the limit of each: random is 1 here
  });

  it('draws each delay from nothing up to its limit, which has a cap', async () => {
    const { fetch } = fakeFetch(...Array<Answer>(9).fill(refused));
    const parts = instantly(0.5);
    await expect(new Transport({ url: 'http://a', fetch, retries: 8 }, parts).json(call())).rejects.toThrow();
    expect(parts.slept).toEqual([100, 200, 400, 800, 1600, 2500, 2500, 2500]);
  });

  it('gives up after so many retries, with the last reason', async () => {
    const { transport: t, seen } = transport(Array<Answer>(3).fill(refused), { retries: 2 });
    const error: unknown = await t.json(call()).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(StileConnectionError);
    expect(error).toMatchObject({
      code: 'UNREACHABLE',
      url: 'http://api.example',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    expect(seen).toHaveLength(3);
  });

  it('never asks again where a repeat would do it twice, nor what was refused', async () => {
    for (const answer of [refused, problem(503, 'STORE_UNAVAILABLE')]) {
      const { transport: t, seen } = transport([answer]);
      await expect(t.json(call({ repeatable: false }))).rejects.toThrow();
      expect(seen).toHaveLength(1);
    }
    const { transport: t, seen } = transport([problem(409, 'MACHINE_ENDED')]);
    await expect(t.json(call())).rejects.toMatchObject({ code: 'MACHINE_ENDED' });
    expect(seen).toHaveLength(1);
  });

  it('asks again after a refusal of what was too much, when it was told to, whatever it asked for', async () => {
    const { transport: t, seen, slept } = transport([tooMuch('2'), tooMuch('5', 'MEMORY_SHORT'), json(7)]);
    expect(await t.json(call({ method: 'POST', repeatable: false }))).toBe(7);
    expect(seen).toHaveLength(3);
    expect(slept).toEqual([2200, 5400]); // never earlier, and not all at once
  });

  it('gives up where it is told to wait for too long, or too often, and says for how long', async () => {
    const { transport: t, seen, slept } = transport([tooMuch('11')]);
    await expect(t.json(call())).rejects.toMatchObject({ code: 'TOO_MANY_STARTS', status: 429, retryAfterMs: 11_000 });
    expect([seen.length, slept]).toEqual([1, []]);
    const patient = transport([tooMuch('11'), json(7)], { maxRetryAfterMs: 60_000 });
    expect(await patient.transport.json(call())).toBe(7);
    const often = transport(Array<Answer>(3).fill(tooMuch('1')), { retries: 2 });
    await expect(often.transport.json(call())).rejects.toMatchObject({ code: 'TOO_MANY_STARTS' });
    expect(often.seen).toHaveLength(3);
  });

  it('takes a refusal of a proxy for one where a repeat is safe in any case', async () => {
    const proxy =
      (headers: Record<string, string> = {}): Answer =>
      () =>
        new Response('slow down', { status: 429, headers });
    const past = { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' };
    const { transport: t, slept } = transport([proxy(), proxy(past), proxy({ 'retry-after': 'soon' }), json(7)]);
    expect(await t.json(call())).toBe(7);
    expect(slept).toEqual([200, 400, 800]);
    const once = transport([proxy()]);
    await expect(once.transport.json(call({ repeatable: false }))).rejects.toMatchObject({ code: 'UNEXPECTED_ANSWER' });
    expect(once.seen).toHaveLength(1);
  });

  it('does not ask again once its caller has given up, also while it waits', async () => {
    const { fetch, seen } = fakeFetch(tooMuch('5'));
    const stop = new AbortController();
    const asked = new Transport({ url: 'http://a', fetch }).json(call({ signal: stop.signal }));
    setTimeout(() => stop.abort(new Error('enough')), 10);
    await expect(asked).rejects.toThrow('enough');
    expect(seen).toHaveLength(1);
  });

  const silent: typeof fetch = (_input, init) =>
    new Promise((_, reject) => {
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error));
    });

  it('waits no longer than its limit, and what the server was asked to wait', async () => {
    const t = new Transport({ url: 'http://a', fetch: silent, timeoutMs: 10, retries: 0 }, instantly());
    await expect(t.json(call({ waitMs: 10 }))).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: expect.stringContaining('20 ms'),
    });
  });

  it('rejects with the reason of its caller, at once and without another try', async () => {
    const stop = new AbortController();
    const t = new Transport({ url: 'http://a', fetch: silent }, instantly());
    const asked = t.json(call({ signal: stop.signal }));
    stop.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
  });
});
