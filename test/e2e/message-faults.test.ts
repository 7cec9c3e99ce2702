import { StileRuntime } from '@stile/machine';
import { Redis } from 'ioredis';
import { testRedisUrl, uniquePrefix, waitFor } from '../support/redis';
import { MACHINES, Programs } from './support/programs';

const quiet = { debug() {}, log() {}, warn() {}, error() {} };

let prefix: string;
let client: StileRuntime;
let programs: Programs;
let redis: Redis;

beforeEach(() => {
  prefix = uniquePrefix('talk');
  redis = new Redis(testRedisUrl());
  client = new StileRuntime({ redis: { url: testRedisUrl() }, prefix }, quiet);
  const env = { STILE_REDIS_URL: testRedisUrl(), STILE_PREFIX: prefix, STILE_MACHINES: MACHINES, STILE_LEASE_TTL_MS: '1000' };
  programs = new Programs(env);
});
afterEach(async () => {
  await programs.end();
  await client.stop();
  redis.disconnect();
});

it('a worker killed between a commit and the delivery of what it left: messages and children arrive, once', async () => {
  const { machines, events } = client.services;
  const dying = programs.worker({ TALKERS_DIE_AFTER_COMMIT: '1' });
  await dying.says('is ready');
  // Not started yet: it keeps what comes.
  await machines.start({ machine: 'listener', correlationId: 'ear', startAt: '2100-01-01T00:00:00Z' });
  await machines.start({ machine: 'talker', correlationId: 'mouth', context: { to: 'ear' } });
  expect(await dying.exited()).toBe('SIGKILL');
  expect(await machines.get('mouth')).toMatchObject({ status: 'waiting', steps: 1, children: 1 });
  expect(await events.inbox('ear')).toEqual([]);

  await programs.worker().says('is ready');
  await waitFor(async () => (await machines.get('mouth'))?.status === 'completed', { what: 'the answer arrives' });
  expect((await machines.get('mouth'))?.context.answer).toMatchObject({ outcome: 'completed', context: { said: 'once' } });
  expect((await events.inbox('ear'))?.map(({ event, data }) => [event, data])).toEqual([
    ['hello', 1],
    ['hello', 2],
    ['hello', 3],
  ]);
  await waitFor(async () => (await redis.exists(client.keys.outbox('mouth'))) === 0, { what: 'all is settled' });
  expect((await machines.history('mouth'))?.map(({ outcome }) => outcome)).toEqual(['committed', 'committed']);
}, 30_000);
