import type { JoinResult } from '../core/children';
import { defineMachine } from '../core/define-machine';
import type { Context, Step } from '../core/step';
import { TestKit, type KillPoint } from './index';
import { seededRandom } from '../chaos/seeded-random';

const VERBS = ['claim', 'commit', 'fail', 'release', 'note', 'add', 'deliver', 'result', 'start', 'settle', 'started'] as const;
const POINTS: readonly KillPoint[] = ['in action', ...VERBS.flatMap((verb) => [`before ${verb}`, `after ${verb}`] as const)];
const CHILDREN = [0, 1, 2, 3, 4, 5];

const greet = (context: Context, step: Step) => void (context.heard as unknown[]).push(step.event.data);

/** Six children, three at a time, each of which greets it; then it waits a while. */
const parent = defineMachine({
  name: 'parent',
  onCancel: 'undo',
  initial: 'begin',
  states: {
    begin: {
      do: (_context, step) => {
        const contexts = CHILDREN.map((number) => ({ number, parent: step.correlationId }));
        step.startAll('child', contexts, { limit: 3, tolerate: 'any', event: 'joined' });
      },
      on: {
        hello: { action: greet },
        joined: {
          target: 'rest',
          action: (context: Context, step: Step) => {
            const { completed, failed, cancelled } = step.event.data as unknown as JoinResult;
            context.joined = { completed, failed, cancelled };
          },
        },
      },
    },
    rest: { do: () => {}, on: { go: 'done', hello: { action: greet } }, after: { '30s': 'go' } },
    undo: { do: (context: Context) => ((context.undone = true), 'go'), on: { go: 'done' } },
    done: { final: true },
  },
});

/** Greets its parent, waits five seconds; every third one fails. */
const child = defineMachine({
  name: 'child',
  maxRetries: 1,
  initial: 'greet',
  states: {
    greet: {
      do: async (context: { number: number; parent: string; found?: number }, step) => {
        context.found = await step.once('look', () => 7);
        step.send(context.parent, 'hello', context.number);
        return 'greeted';
      },
      on: { greeted: 'wait' },
    },
    wait: { do: () => {}, on: { tick: 'work' }, after: { '5s': 'tick' } },
    work: {
      do: ({ number }: { number: number }) => {
        if (number % 3 === 0) throw new Error(`${number} can be divided by three`);
        return 'worked';
      },
      on: { worked: 'done' },
    },
    done: { final: true },
  },
});

async function begin(seed: number) {
  const random = seededRandom(seed);
  const engine = { crashLimit: 1000, stickySteps: 1 + Math.floor(random() * 4) };
  const kit = await TestKit.create({ machines: [parent, child], seed, engine });
  for (let kills = random() * 12; kills > 0; kills--) {
    kit.killAt(POINTS[Math.floor(random() * POINTS.length)] as KillPoint, { times: 1 + Math.floor(random() * 2) });
  }
  if (random() < 0.5) kit.deliverTwice({ times: 5 });
  return { kit, random, machine: await kit.start('parent', { heard: [] }) };
}

/** Whatever dies wherever: each child counts once, each message arrives once, and nothing is left lying. */
it.each(Array.from({ length: 12 }, (_, i) => i + 1))('comes to its end whichever workers die (seed %d)', async (seed) => {
  const { kit, random, machine } = await begin(seed);
  if (random() < 0.3) kit.deliverLate('20s', { times: 3 });
  if (random() < 0.3) {
    await kit.skip('3s');
    kit.failover();
  }
  if (random() < 0.3) {
    await kit.steering.pause(machine.correlationId);
    await kit.skip('1m');
    await kit.steering.resume(machine.correlationId);
  }
  await kit.until(machine, 'completed', '30m');
  expect(machine.context.joined).toEqual({ completed: 4, failed: 2, cancelled: 0 });
  expect([...(machine.context.heard as number[])].sort()).toEqual(CHILDREN);
});

it.each(Array.from({ length: 12 }, (_, i) => i + 1))('is cancelled or completed, never both (seed %d)', async (seed) => {
  const { kit, random, machine } = await begin(seed);
  await kit.skip(Math.floor(random() * 50_000));
  const mode = random() < 0.5 ? 'now' : 'graceful';
  const act = kit.steering.cancel(machine.correlationId, { mode });
  const cancelled = await act.then(
    () => true,
    () => false,
  );
  await kit.skip('20m');
  expect(machine.status).toBe(cancelled ? 'cancelled' : 'completed');
  expect(machine.context.undone).toBe(cancelled && mode === 'graceful' ? true : undefined);
  const live = (await kit.children(machine)).filter(({ all }) => all.finishedAt === null);
  expect(live).toEqual([]);
});
