import { RedisInboxStore } from '../../libs/machine/src/redis/redis-inbox-store';
import { RedisOutboxStore } from '../../libs/machine/src/redis/redis-outbox-store';
import { OutboxPump } from '../../libs/machine/src/engine/outbox-pump';
import { waitFor } from '../support/redis';
import { rich } from './support/rich-sketch';
import { World } from './support/world';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await world.close();
});

const receiver = (more: Parameters<typeof rich>[2] = {}, entry?: Promise<void>) =>
  rich(
    'receiver',
    {
      first: {
        do: async () => {
          await entry;
          return undefined;
        },
        on: { open: 'wait' },
      },
      wait: {
        on: {
          hello: {
            target: 'wait',
            run: (context, step) => void (context.heard = [...((context.heard as unknown[]) ?? []), step.event.data]),
          },
          end: 'end',
        },
        internal: ['hello'],
      },
      end: { final: true },
    },
    more,
  );

/** Sends so many messages in each of so many steps. */
const sender = (steps: number, messages: number) =>
  rich('sender', {
    talk: {
      do: (context, step) => {
        const n = ((context.n as number | undefined) ?? 0) + 1;
        context.n = n;
        for (let i = 0; i < messages; i++) step.send('receiver', 'hello', `${step.correlationId}/${n}/${i}`);
        return n < steps ? 'more' : 'end';
      },
      on: { more: 'talk', end: 'end' },
    },
    end: { final: true },
  });

const expected = (id: string, steps: number, messages: number) =>
  Array.from({ length: steps * messages }, (_, i) => `${id}/${Math.floor(i / messages) + 1}/${i % messages}`);

const heard = async () => ((await world.get('receiver')).context.heard as string[] | undefined) ?? [];
const untilHeard = (count: number) =>
  waitFor(async () => (await heard()).length >= count, { what: `${count} messages`, timeoutMs: 15_000 });

it('messages arrive once each, in order per sender', async () => {
  const pod = await world.worker([receiver(), sender(5, 4)]);
  await world.start({ machine: 'receiver', correlationId: 'receiver' });
  await pod.runtime.services.events.send('receiver', { event: 'open' });
  for (const correlationId of ['s1', 's2', 's3']) await world.start({ machine: 'sender', correlationId });
  await untilHeard(60);
  for (const id of ['s1', 's2', 's3']) {
    expect((await heard()).filter((text) => text.startsWith(`${id}/`))).toEqual(expected(id, 5, 4));
  }
  expect(await heard()).toHaveLength(60);
});

it('a message is delivered once where its delivery’s reply or its settling was lost', async () => {
  jest.spyOn(RedisOutboxStore.prototype, 'settle').mockRejectedValueOnce(new Error('killed'));
  const { deliver } = RedisInboxStore.prototype;
  let lost = 0;
  jest.spyOn(RedisInboxStore.prototype, 'deliver').mockImplementation(async function (this: RedisInboxStore, ...args) {
    const result = await deliver.apply(this, args);
    if (args[3].kind === 'message' && lost++ === 1) throw new Error('reply lost');
    return result;
  });
  const pod = await world.worker([receiver(), sender(1, 3)]);
  await world.start({ machine: 'receiver', correlationId: 'receiver' });
  await pod.runtime.services.events.send('receiver', { event: 'open' });
  await world.start({ machine: 'sender', correlationId: 's1' });
  await untilHeard(3);
  await waitFor(async () => (await world.redis.exists(world.keys.outbox('s1'))) === 0, { what: 'all is settled' });
  expect(await heard()).toEqual(expected('s1', 1, 3));
  expect(lost).toBeGreaterThan(3);
});

it('a worker that dies between commit and delivery: the watch brings the message to another', async () => {
  const poke = jest.spyOn(OutboxPump.prototype, 'poke').mockImplementation(() => undefined); // dies before it begins
  await world.worker([receiver(), sender(1, 2)]);
  await world.start({ machine: 'receiver', correlationId: 'receiver' });
  await world.start({ machine: 'sender', correlationId: 's1' });
  await world.until('s1', 'completed');
  expect(await world.redis.llen(world.keys.outbox('s1'))).toBe(2);
  poke.mockRestore();
  await waitFor(async () => (await world.get('receiver')).inbox === 2, { what: 'both are there' });
  await waitFor(async () => (await world.redis.exists(world.keys.outbox('s1'))) === 0, { what: 'all is settled' });
});

it('waits for a receiver that has no room, and sends what comes after it in order', async () => {
  const pod = await world.worker([receiver({ inboxLimit: 3 }), sender(2, 5)]);
  await world.start({ machine: 'receiver', correlationId: 'receiver' });
  await world.until('receiver', 'waiting');
  await world.start({ machine: 'sender', correlationId: 's1' });
  await world.until('s1', 'completed');
  await waitFor(async () => (await world.get('receiver')).inbox === 3, { what: 'the inbox is full' });
  await pod.runtime.services.events.send('receiver', { event: 'open' });
  await untilHeard(10);
  expect(await heard()).toEqual(expected('s1', 2, 5));
}, 60_000);

it('a message to nobody, and one to a machine that has ended, is dropped and counted', async () => {
  await world.worker([receiver(), sender(1, 2)]);
  await world.start({ machine: 'sender', correlationId: 's1' });
  await world.untilCounted('undelivered', 2);
  await waitFor(async () => (await world.redis.exists(world.keys.outbox('s1'))) === 0, { what: 'the outbox is empty' });
});

it('what a failed attempt wanted to send is not sent', async () => {
  const failing = rich('sender', {
    talk: {
      retry: { baseMs: 1 },
      do: (_context, step) => {
        step.send('receiver', 'hello', step.retries);
        if (step.retries === 0) throw new Error('once more');
        return 'end';
      },
      on: { end: 'end' },
    },
    end: { final: true },
  });
  const pod = await world.worker([receiver(), failing]);
  await world.start({ machine: 'receiver', correlationId: 'receiver' });
  await pod.runtime.services.events.send('receiver', { event: 'open' });
  await world.run('sender');
  await untilHeard(1);
  expect(await heard()).toEqual([1]);
});
