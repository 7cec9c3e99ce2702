import type { Redis } from 'ioredis';
import { Keyspace } from './keyspace';
import { LeaseServers } from './lease-servers';

const AWAY = 'postgres://user:secret-word@127.0.0.1:1/stile'; // nobody listens there
const at = { steps: 0, retries: 0 };

function bench() {
  const said: string[] = [];
  const say = (message: string) => void said.push(message);
  const log = { debug: say, log: say, warn: say, error: say };
  const connect = (): Redis => {
    throw new Error('a PostgreSQL is no Redis');
  };
  const servers = new LeaseServers({ url: AWAY }, connect, log);
  const counted: string[] = [];
  const keys = new Keyspace('test', 1);
  const store = servers.makeStore(undefined as unknown as Redis, keys, { add: (count) => counted.push(count) });
  if (!store) throw new Error('there is no store');
  return { servers, store, counted, said, log };
}

describe('LeaseServers with a PostgreSQL that is away', () => {
  it('count each acquire that was not answered, and nothing else', async () => {
    const { servers, store, counted } = bench();
    for (let i = 0; i < 3; i++) {
      expect(await store.acquire('id', at, { nonce: `${i}`, ttlMs: 1000 })).toMatchObject({ outcome: 'unavailable' });
    }
    expect(await store.renew('id', 1, 1000)).toMatchObject({ outcome: 'unavailable' });
    await expect(store.release('id', at, 1)).rejects.toMatchObject({ code: 'LEASE_UNAVAILABLE' });
    expect(counted).toEqual(['cache', 'cache', 'cache']);
    await servers.close();
  });

  it('say which store it is and why, once a second at most, and never the password', async () => {
    const { servers, store, said, log } = bench();
    for (let i = 0; i < 20; i++) await store.acquire('id', at, { nonce: `${i}`, ttlMs: 1000 });
    expect(said.length).toBeGreaterThan(0);
    expect(said.length).toBeLessThan(5);
    expect(said[0]).toMatch(/^the lease store at 127\.0\.0\.1:1\/stile \(STILE_LEASE_URL\): .*ECONNREFUSED/);
    const refusal = (await servers.check(log).catch((error: unknown) => error)) as Error;
    expect(refusal).toMatchObject({ code: 'STORE_UNFIT', message: expect.stringContaining('does not answer') as string });
    expect([...said, refusal.message, refusal.stack].join('\n')).not.toContain('secret-word');
    await servers.close();
  });
});
