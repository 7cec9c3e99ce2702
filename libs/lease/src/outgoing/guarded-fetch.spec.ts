import type { LookupAddress } from 'node:dns';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BlockedAddressError, guardedAgents, type OutgoingOptions } from './guarded-agents';
import { guardedFetch } from './guarded-fetch';

/** Real servers on loopback, which stands for what is public here: all other special addresses stay blocked. */
describe('a request to an address that a user gave', () => {
  let server: Server;
  let port: number;
  let asked: { path: string; method: string; body: string; headers: IncomingMessage['headers'] }[];
  let location: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (piece: string) => (body += piece));
      request.on('end', () => {
        const { url: path = '', method = '', headers } = request;
        asked.push({ path, method, body, headers });
        const status = /^\/(30\d)/.exec(path)?.[1];
        if (status !== undefined) response.writeHead(Number(status), { location }).end();
        else if (path === '/none') response.writeHead(204).end();
        else response.setHeader('x-path', path).end(`you sent ${body}`);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    asked = [];
    location = '/there';
  });

  /** Names to addresses, one answer after the other where there are several; counts how often it is asked. */
  function resolver(names: Record<string, string[]>) {
    const lookups: string[] = [];
    const resolve: OutgoingOptions['resolve'] = (host, _options, done) => {
      lookups.push(host);
      const answers = names[host] ?? [];
      const found = (answers.length > 1 ? answers.shift() : answers[0])?.split(' ') ?? [];
      const addresses = found.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }));
      if (addresses.length > 0) done(null, addresses);
      else done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' }), []);
    };
    return { lookups, resolve };
  }
  const PUBLIC = { allow: ['127.0.0.1'] };

  it('is made to a public one, and answered as by fetch', async () => {
    const { resolve, lookups } = resolver({ shop: ['127.0.0.1'] });
    const send = guardedFetch({ ...PUBLIC, resolve });
    const response = await send(`http://shop:${port}/orders`, { method: 'POST', body: 'grüße', headers: { 'x-a': 'b' } });
    expect([response.status, response.headers.get('x-path'), await response.text()]).toEqual([200, '/orders', 'you sent grüße']);
    expect(asked).toMatchObject([{ method: 'POST', body: 'grüße', headers: { 'x-a': 'b', host: `shop:${port}` } }]);
    expect((await send(`http://shop:${port}/none`)).status).toBe(204);
    expect(await (await send(`http://shop:${port}/x`, { method: 'HEAD' })).text()).toBe('');
    expect(new Set(lookups)).toEqual(new Set(['shop']));
  });

  it.each([
    ['a private address', ['10.0.0.5']],
    ['the metadata service', ['169.254.169.254']],
    ['loopback in IPv6 clothes', ['::ffff:127.0.0.1']],
    ['a public and a private address', ['127.0.0.1 192.168.0.1']],
  ])('is refused where the name is %s', async (_what, answers) => {
    const { resolve } = resolver({ shop: answers });
    await expect(guardedFetch({ ...PUBLIC, resolve })(`http://shop:${port}/`)).rejects.toMatchObject({
      code: 'ADDRESS_BLOCKED',
      host: 'shop',
    });
    expect(asked).toEqual([]);
  });

  it.each(['127.0.0.2', '[::1]', '[::ffff:127.0.0.1]', '0x7f.2', '2130706434', '0'])(
    'is refused where the address is %s',
    async (host) => {
      const { resolve, lookups } = resolver({});
      await expect(guardedFetch({ ...PUBLIC, resolve })(`http://${host}:${port}/`)).rejects.toBeInstanceOf(BlockedAddressError);
      expect([asked, lookups]).toEqual([[], []]);
    },
  );

  it('cannot be turned by a name that changes: it goes where the judged answer said', async () => {
    const { resolve, lookups } = resolver({ shop: ['127.0.0.1', '10.0.0.5'] });
    const send = guardedFetch({ ...PUBLIC, resolve });
    expect((await send(`http://shop:${port}/`)).status).toBe(200);
    expect(lookups).toEqual(['shop']);
    const other = guardedFetch({ ...PUBLIC, resolve }); // without the connection that is kept open
    await expect(other(`http://shop:${port}/`)).rejects.toBeInstanceOf(BlockedAddressError);
    expect(asked).toHaveLength(1);
  });

  it('follows redirects, each judged as the first', async () => {
    const { resolve } = resolver({ shop: ['127.0.0.1'], inner: ['10.0.0.5'] });
    const send = guardedFetch({ ...PUBLIC, resolve });
    expect((await send(`http://shop:${port}/302`)).headers.get('x-path')).toBe('/there');
    for (const to of ['http://inner/', 'http://169.254.169.254/latest', `http://[::1]:${port}/`]) {
      location = to;
      await expect(send(`http://shop:${port}/302`)).rejects.toBeInstanceOf(BlockedAddressError);
    }
    location = 'file:///etc/passwd';
    await expect(send(`http://shop:${port}/302`)).rejects.toThrow(TypeError);
    location = '/302';
    await expect(send(`http://shop:${port}/302`, { maxRedirects: 2 })).rejects.toThrow('redirects again, after 2 redirects');
  });

  it('keeps secrets from other origins, and a body from a GET', async () => {
    const { resolve } = resolver({ shop: ['127.0.0.1'], other: ['127.0.0.1'] });
    const send = guardedFetch({ ...PUBLIC, resolve });
    const init = { method: 'POST', body: 'b', headers: { Authorization: 'Bearer t', 'content-type': 'text/plain', 'x-a': 'b' } };
    location = `http://other:${port}/there`;
    await send(`http://shop:${port}/307`, init);
    expect(asked[1]).toMatchObject({ method: 'POST', body: 'b', headers: { 'x-a': 'b' } });
    expect(asked[1]!.headers.authorization).toBeUndefined();
    location = '/there';
    await send(`http://shop:${port}/303`, init);
    expect(asked[3]).toMatchObject({ method: 'GET', body: '', headers: { authorization: 'Bearer t' } });
    expect(asked[3]!.headers['content-type']).toBeUndefined();
  });

  it('is aborted by its signal', async () => {
    const { resolve } = resolver({ shop: ['127.0.0.1'] });
    const send = guardedFetch({ ...PUBLIC, resolve });
    await expect(send(`http://shop:${port}/`, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('is guarded as well where another client takes the agents', async () => {
    const { http } = guardedAgents();
    const sent = httpRequest({ host: '127.0.0.1', port, agent: http });
    const error = await new Promise((resolve) => sent.once('error', resolve).end());
    expect(error).toMatchObject({
      code: 'ADDRESS_BLOCKED',
      message: '127.0.0.1 is not a public address: no request is made to it; list it in "allow" if it is meant',
    });
    expect(asked).toEqual([]);
  });
});
