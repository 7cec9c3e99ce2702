import { EventEmitter, once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { freePort } from '@stile/local-redis';
import type { Redis } from 'ioredis';
import { ClosedBy } from '../../libs/machine/src/redis/closed-by';
import type { Address } from '../../libs/machine/src/redis/redis-url';
import { waitFor } from '../support/redis';

/** A server that lets anybody connect, and answers whatever comes with the same words, or not at all. */
async function server(words?: string): Promise<Address> {
  const listening = createServer((socket) => socket.on('data', () => words !== undefined && socket.write(words)));
  listening.listen(0, '127.0.0.1');
  servers.push(listening);
  await once(listening, 'listening');
  return { host: '127.0.0.1', port: (listening.address() as AddressInfo).port };
}

const CLOSED = new Error('Connection is closed.');
const servers: Server[] = [];
let nobody: Address;
beforeEach(async () => {
  nobody = { host: '127.0.0.1', port: await freePort() };
});
afterEach(() => servers.splice(0).forEach((each) => each.close()));

function stage(addresses: readonly Address[]) {
  const client = Object.assign(new EventEmitter(), { status: 'connecting' });
  const told: string[] = [];
  const { tell } = new ClosedBy(client as unknown as Redis, addresses, {}, ({ message }) => told.push(message));
  const hears = async (error: Error): Promise<string | undefined> => {
    tell(error);
    await waitFor(() => told.length > 0, { what: 'it is told' });
    return told.shift();
  };
  return { client, told, tell, hears };
}

it('tells what a server refuses with, rather than that another is not there or says nothing', async () => {
  const refusing = await server('-WRONGPASS invalid username-password pair\r\n');
  const { hears } = stage([nobody, await server(), refusing]);
  expect(await hears(CLOSED)).toMatch(/^WRONGPASS/);
  expect(await hears(new Error('Failed to refresh slots cache.'))).toMatch(/^WRONGPASS/);
});

it('tells that nobody is there where no other says more', async () => {
  expect(await stage([await server(), nobody]).hears(CLOSED)).toMatch(/ECONNREFUSED/);
});

it('tells what the client has said where a server answers, or will not be asked', async () => {
  expect(await stage([await server('+PONG\r\n')]).hears(CLOSED)).toBe(CLOSED.message);
  expect(await stage([await server('-NOPERM no ping\r\n')]).hears(CLOSED)).toBe(CLOSED.message);
});

it('tells at once what says something by itself', () => {
  const { told, tell } = stage([nobody]);
  tell(new Error('READONLY You cannot write against a read only replica.'));
  expect(told).toHaveLength(1);
});

it('asks once at a time, and tells nothing once the client is gone', async () => {
  const { client, told, tell } = stage([await server(), await server()]);
  tell(CLOSED);
  tell(CLOSED);
  await waitFor(async () => (await countOf(servers[0] as Server)) === 1, { what: 'it asks' });
  client.status = 'end';
  client.emit('end');
  for (const each of servers) await waitFor(async () => (await countOf(each)) === 0, { what: 'it has gone' });
  expect(told).toEqual([]);
});

function countOf(of: Server): Promise<number> {
  return new Promise((resolve, reject) => of.getConnections((error, count) => (error ? reject(error) : resolve(count))));
}
