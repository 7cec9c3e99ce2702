import type { JoinResult } from '../core/children';
import { defineMachine } from '../core/define-machine';
import type { Context, Step } from '../core/step';
import { TestKit, type KillPoint } from './index';

/** Tells `post` twice, in one commit. */
const sender = defineMachine({
  name: 'sender',
  initial: 'tell',
  states: {
    tell: {
      do: (_context, step) => {
        step.send('post', 'letter', 1);
        step.send('post', 'letter', 2);
        return 'told';
      },
      on: { told: 'done' },
    },
    done: { final: true },
  },
});
const post = defineMachine({
  name: 'post',
  initial: 'open',
  states: {
    open: {
      do: () => {},
      on: {
        letter: { action: (context: Context, step: Step) => void (context.letters as unknown[]).push(step.event.data ?? null) },
        close: 'closed',
      },
    },
    closed: { final: true },
  },
});

/** Starts a child for each number; those of odd ones fail. */
function family(options: { limit?: number; tolerate?: number | 'any'; join?: 'all' | 'any' } = {}) {
  const parent = defineMachine({
    name: 'parent',
    initial: 'begin',
    states: {
      begin: {
        do: (context: { children: number }, step) => {
          const contexts = Array.from({ length: context.children }, (_, number) => ({ number }));
          step.startAll('child', contexts, { group: 'work', event: 'joined', failed: 'broken', ...options });
        },
        on: { joined: { target: 'done', action: keep }, broken: { target: 'stopped', action: keep } },
      },
      done: { final: true },
      stopped: { final: true },
    },
  });
  const child = defineMachine({
    name: 'child',
    maxRetries: 0,
    initial: 'wait',
    states: {
      wait: { do: () => {}, on: { go: 'work' } },
      work: {
        do: ({ number }: { number: number }) => {
          if (number % 2 === 1) throw Object.assign(new Error(`${number} is odd`), { code: 'ODD' });
          return 'done';
        },
        on: { done: 'done' },
      },
      done: { final: true },
    },
  });
  return [parent, child];
}

function keep(context: Context, step: Step): void {
  const { total, completed, failed, cancelled } = step.event.data as unknown as JoinResult;
  context.joined = { total, completed, failed, cancelled };
}

describe('TestKit: messages', () => {
  it('delivers them within one run', async () => {
    const kit = await TestKit.create({ machines: [sender, post] });
    const box = await kit.start('post', { letters: [] }, { correlationId: 'post' });
    await kit.start('sender');
    await kit.run();
    expect(box.context).toEqual({ letters: [1, 2] });
  });

  const points: KillPoint[] = ['after commit', 'before deliver', 'after deliver', 'before settle', 'after settle'];
  it.each(points)('delivers each once where a worker is killed %s', async (point) => {
    const kit = await TestKit.create({ machines: [sender, post] });
    const box = await kit.start('post', { letters: [] }, { correlationId: 'post' });
    await kit.run();
    const from = await kit.start('sender');
    kit.killAt(point, point.endsWith('deliver') ? { correlationId: 'post' } : { correlationId: from.correlationId });
    await kit.run();
    expect(kit.unusedFaults).toEqual([]);
    await kit.skip('1m');
    expect([box.context, from.status]).toEqual([{ letters: [1, 2] }, 'completed']);
  });

  it('counts what can not be delivered', async () => {
    const kit = await TestKit.create({ machines: [sender] });
    const from = await kit.start('sender');
    await kit.run();
    expect([from.status, kit.count('undelivered')]).toEqual(['completed', 2]);
  });
});

describe('TestKit: children', () => {
  it('starts no more than the limit at a time, and joins them with their failures', async () => {
    const kit = await TestKit.create({ machines: family({ limit: 2, tolerate: 'any' }) });
    const parent = await kit.start('parent', { children: 5 });
    const seen: number[] = [];
    await kit.run();
    while (parent.status === 'waiting') {
      const live = (await kit.children(parent, 'work-0-0')).filter(({ status }) => status === 'waiting');
      seen.push(live.length);
      await live[0]?.send('go');
      await kit.run();
    }
    expect(seen).toEqual([2, 2, 2, 2, 1]);
    expect([parent.state, parent.context.joined]).toEqual(['done', { total: 5, completed: 3, failed: 2, cancelled: 0 }]);
    expect((await kit.children(parent)).map(({ status }) => status)).toEqual([
      'completed',
      'failed',
      'completed',
      'failed',
      'completed',
    ]);
  });

  it('stops the rest where more fail than are borne', async () => {
    const kit = await TestKit.create({ machines: family() });
    const parent = await kit.start('parent', { children: 3 });
    await kit.run();
    const children = await kit.children(parent);
    await children[1]?.send('go');
    await kit.run();
    expect(parent.state).toBe('stopped');
    expect(children.map(({ status }) => status)).toEqual(['cancelled', 'failed', 'cancelled']);
  });

  it('cancels children with their parent', async () => {
    const kit = await TestKit.create({ machines: family() });
    const parent = await kit.start('parent', { children: 2 });
    await kit.run();
    await kit.steering.cancel(parent.correlationId, { by: 'ada', why: 'no longer needed' });
    await kit.run();
    expect([parent, ...(await kit.children(parent))].map(({ status }) => status)).toEqual([
      'cancelled',
      'cancelled',
      'cancelled',
    ]);
  });

  const points: KillPoint[] = ['before start', 'after start', 'before started', 'after started', 'before result', 'after result'];
  it.each(points)('starts and joins each child once where a worker is killed %s', async (point) => {
    const kit = await TestKit.create({ machines: family({ tolerate: 'any' }) });
    const parent = await kit.start('parent', { children: 4 });
    kit.killAt(point);
    await kit.skip('1m');
    const children = await kit.children(parent);
    for (const child of children) await child.send('go');
    await kit.until(parent, 'completed', '1m');
    expect(kit.unusedFaults).toEqual([]);
    expect(children.map(({ history }) => history.map(({ steps, outcome }) => `${steps} ${outcome}`))).toEqual([
      ['0 committed', '1 committed', '2 committed'],
      ['0 committed', '1 failed'],
      ['0 committed', '1 committed', '2 committed'],
      ['0 committed', '1 failed'],
    ]);
    expect(parent.context.joined).toEqual({ total: 4, completed: 2, failed: 2, cancelled: 0 });
  });
});

describe('TestKit: a join that its state refuses', () => {
  it('is kept for a state that takes it: nobody would send it again', async () => {
    const parent = defineMachine({
      name: 'parent',
      initial: 'begin',
      states: {
        begin: {
          do: (_context, step) => void step.start('leaf', {}, { event: 'joined' }),
          on: { go: 'gather' },
          events: { joined: 'reject' },
        },
        gather: { on: { joined: 'done' } },
        done: { final: true },
      },
    });
    const leaf = defineMachine({ name: 'leaf', initial: 'done', states: { done: { final: true } } });
    const kit = await TestKit.create({ machines: [parent, leaf] });
    const machine = await kit.start('parent');
    await kit.run();
    expect(machine).toMatchObject({ status: 'waiting', state: 'begin' });
    await machine.send('go');
    await kit.run();
    expect(machine).toMatchObject({ status: 'completed', state: 'done' });
  });
});
