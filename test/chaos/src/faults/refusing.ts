import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { OUTAGE_TARGET, undergo } from './outage';
import type { Fault } from './fault';

/** A client of its own that neither waits for a server to be ready nor tries again. */
async function once(url: string, command: string, ...args: string[]): Promise<unknown> {
  const redis = new Redis(url, {
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    lazyConnect: true,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return await redis.call(command, ...args);
  } finally {
    redis.disconnect();
  }
}

async function errorOf(url: string, command: string, ...args: string[]): Promise<string> {
  return once(url, command, ...args).then(
    () => '',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

/** Port 1: nobody listens there, so that nothing is ever synchronised. */
const NOBODY = ['127.0.0.1', '1'] as const;

/** The server is made a replica for a while, as a failover does to the old master: it serves, and takes no writes. */
export const readOnly: Fault = {
  name: 'readonly',
  title: 'READONLY for 10 s',
  target: OUTAGE_TARGET,
  passes: 2,
  quickSeconds: 13,
  run: (pass) => {
    let refused = 0;
    let asking = false;
    return undergo(pass, 'readonly', {
      rig: { proxied: true },
      lastsMs: pass.size === 'quick' ? 3000 : 10_000,
      begin: async ({ redis }) => {
        await once(redis.url, 'CONFIG', 'SET', 'replica-read-only', 'yes');
        await once(redis.url, 'REPLICAOF', ...NOBODY);
        asking = true;
        void (async () => {
          for (; asking; await sleep(200)) {
            if ((await errorOf(redis.url, 'SET', 'probe', '1')).startsWith('READONLY')) refused++;
          }
        })();
      },
      end: async ({ redis }) => {
        asking = false;
        await once(redis.url, 'REPLICAOF', 'NO', 'ONE');
      },
      injected: () => ({ 'writes refused as READONLY': refused }),
    });
  },
};

/** Each entry of the append-only file takes so long to load, µs, and a bit: what the server's own tests slow it with. */
const DELAY_US = 100;
/** Written to be loaded again; the server answers while it loads once in 1024 of them. */
const ENTRIES = { quick: 9000, full: 36_000 };

/** The server is restarted in good order, and has much to load. */
export const loading: Fault = {
  name: 'loading',
  title: 'LOADING for 10 s',
  target: OUTAGE_TARGET,
  passes: 2,
  quickSeconds: 14,
  run: (pass) => {
    let refused = 0;
    let loadedMs = 0;
    return undergo(pass, 'loading', {
      rig: { proxied: true, redis: { appendFsync: 'always', extraArgs: ['--key-load-delay', String(DELAY_US)] } },
      prepare: ({ admin }) => fill(admin, ENTRIES[pass.size]),
      begin: async (rig) => {
        await rig.redis.stop();
        const from = performance.now();
        let ready = false;
        const asked = (async () => {
          for (; !ready; await sleep(100)) if ((await errorOf(rig.redis.url, 'PING')).startsWith('LOADING')) refused++;
        })();
        await rig.restartRedis();
        loadedMs = performance.now() - from;
        ready = true;
        await asked;
      },
      lastsMs: 0,
      end: () => undefined,
      injected: () => ({ 'answers LOADING': refused }),
      figures: () => ({ 'loading ms': loadedMs }),
    });
  },
};

/** One key, written over and over: much to load, and nothing left over. */
async function fill(admin: Redis, entries: number): Promise<void> {
  for (let i = 0; i < entries; i += 1000) {
    const batch = admin.pipeline();
    for (let j = 0; j < 1000; j++) batch.set('filler', String(i + j));
    await batch.exec();
  }
  await admin.del('filler');
}
