import { Action, OnEntry, State, StateMachine } from '../nest/decorators';
import { defineMachine } from '../core/define-machine';
import type { Context, Step } from '../core/step';
import { TestKit, type KillPoint } from './index';

/** a → b → c, each of which writes down that it ran. */
function chain(name = 'chain') {
  const run = (state: string, event?: string) => (context: Context, step: Step) => {
    ran.push(`${state} ${step.steps}.${step.retries} fence ${step.fence}`);
    (context.trail as string[] | undefined)?.push(state);
    return event;
  };
  return defineMachine({
    name,
    initial: 'a',
    states: {
      a: { do: run('a', 'next'), on: { next: 'b' } },
      b: { do: run('b', 'next'), on: { next: 'c' } },
      c: { do: run('c'), final: true },
    },
  });
}

let ran: string[];
beforeEach(() => {
  ran = [];
});

describe('TestKit', () => {
  it('runs a machine to its end, and shows it as plain data', async () => {
    const kit = await TestKit.create({ machines: [chain()] });
    const machine = await kit.start('chain', { trail: [] }, { correlationId: 'one', tags: { of: 'test' } });
    expect([machine.status, machine.committed(), ran]).toEqual(['queued', [], []]);
    await kit.run();
    expect(machine.status).toBe('completed');
    expect(machine.state).toBe('c');
    expect(machine.context).toEqual({ trail: ['a', 'b', 'c'] });
    expect(machine.committed()).toEqual(['a', 'b', 'c']);
    expect(machine.history.map(({ steps, retries, fence }) => [steps, retries, fence])).toEqual([
      [0, 0, 1],
      [1, 0, 2],
      [2, 0, 3],
    ]);
    expect(machine.all).toMatchObject({ correlationId: 'one', tags: { of: 'test' }, createdAt: '2024-01-01T00:00:00.000Z' });
    expect(kit.count('completed')).toBe(1);
  });

  it('runs YAML with registered actions, and decorated classes', async () => {
    @Action('wave')
    class Wave {
      execute(context: Context): void {
        context.waved = true;
      }
    }
    @StateMachine({ name: 'greeter' })
    class Greeter {
      @State({ name: 'hello', initial: true, final: true })
      hello(context: Context): void {
        context.said = 'hello';
      }
      @OnEntry('hello')
      entry(context: Context): void {
        context.entered = true;
      }
    }
    const yaml =
      'machines:\n  - name: yaml\n    states:\n      - name: only\n        initial: true\n        final: true\n        do_action: wave\n        entry_action: bow\n';
    const bow = (context: Context) => void (context.bowed = true);
    const kit = await TestKit.create({ machines: [yaml, new Wave(), new Greeter()], actions: { bow } });
    const [first, second] = [await kit.start('yaml'), await kit.start('greeter')];
    await kit.run();
    expect([first.context, second.context]).toEqual([
      { waved: true, bowed: true },
      { said: 'hello', entered: true },
    ]);
  });

  it('refuses what cannot run, with all problems', async () => {
    const wrong =
      'machines:\n  - name: wrong\n    states:\n      - name: only\n        initial: true\n        final: true\n        do_action: nowhere\n';
    await expect(TestKit.create({ machines: [wrong] })).rejects.toThrow('nowhere');
    class Plain {}
    await expect(TestKit.create({ machines: [new Plain()] })).rejects.toThrow('machines[0] is an instance of Plain');
  });

  it('lets time pass at the exact due times, and no sooner', async () => {
    const times: string[] = [];
    const machine = defineMachine({
      name: 'slow',
      initial: 'wait',
      states: {
        wait: {
          do: (_context, step) => {
            times.push(new Date(kit.now).toISOString());
            step.delay(24 * 3600 * 1000);
            return 'go';
          },
          on: { go: 'done' },
        },
        done: { do: () => void times.push(new Date(kit.now).toISOString()), final: true },
      },
    });
    const kit = await TestKit.create({ machines: [machine] });
    const slow = await kit.start('slow', {}, { delayMs: 1500 });
    await kit.run();
    expect(times).toEqual([]);
    await kit.skip('24h');
    expect(slow.status).toBe('delayed');
    await kit.skip('2s');
    expect(slow.status).toBe('completed');
    expect(times).toEqual(['2024-01-01T00:00:01.500Z', '2024-01-02T00:00:01.500Z']);
    expect(kit.now).toBe(Date.parse('2024-01-02T00:00:02.000Z'));
  });

  it('fails actions at chosen attempts: the reference table of fences', async () => {
    const kit = await TestKit.create({ machines: [chain()] });
    const machine = await kit.start('chain');
    kit.failAction('b', { steps: 1, retries: [0, 1], times: 2, error: Object.assign(new Error('no'), { code: 'NO' }) });
    await kit.run();
    expect([machine.status, machine.retries, machine.error?.code]).toEqual(['delayed', 1, 'NO']);
    await kit.until(machine, 'completed');
    expect(machine.history.map(({ steps, retries, fence }) => `${steps}.${retries} ${fence}`)).toEqual([
      '0.0 1',
      '1.0 2',
      '1.1 3',
      '1.2 4',
      '2.0 5',
    ]);
    expect([kit.count('error'), kit.count('retry'), kit.unusedFaults]).toEqual([2, 2, []]);
  });

  it('says what has not come to pass', async () => {
    const kit = await TestKit.create({ machines: [chain()] });
    const machine = await kit.start('chain');
    kit.failAction('b', { times: 100 });
    kit.failAction('nobody');
    await expect(kit.until(machine, 'completed')).rejects.toThrow(
      /is failed in state "a", not completed, after 1h \(Error: action "b" fails/,
    );
    expect(kit.unusedFaults).toEqual(['action nobody {}']);
  });

  it('drops late and repeated jobs', async () => {
    const kit = await TestKit.create({ machines: [chain()], engine: { stickySteps: 1 } });
    const machine = await kit.start('chain');
    await kit.run();
    expect(await kit.redeliver(machine)).toBe(3);
    expect(kit.count('duplicate')).toBe(3);
    expect(ran).toHaveLength(3);
    expect(machine.committed()).toEqual(['a', 'b', 'c']);
  });

  it('delivers a job to two workers at the same time, of which one runs it', async () => {
    const kit = await TestKit.create({ machines: [chain()] });
    const machine = await kit.start('chain');
    kit.deliverTwice();
    await kit.run();
    expect(ran).toEqual(['a 0.0 fence 1', 'b 1.0 fence 2', 'c 2.0 fence 3']);
    expect(kit.count('contended') + kit.count('duplicate')).toBe(1);
    expect(machine.status).toBe('completed');
  });

  it('holds a job back without losing the machine', async () => {
    const kit = await TestKit.create({ machines: [chain()] });
    const machine = await kit.start('chain');
    kit.deliverLate('10m');
    await kit.run();
    expect(machine.status).toBe('queued');
    await kit.until(machine, 'completed', '10s'); // the watchdog has promoted it
  });

  const points: [KillPoint, ranOnce: boolean][] = [
    ['before claim', true],
    ['after claim', true],
    ['in action', false],
    ['before commit', false],
    ['after commit', true],
  ];
  it.each(points)('goes on after a worker was killed %s', async (point, ranOnce) => {
    const kit = await TestKit.create({ machines: [chain()], engine: { stickySteps: 1 } });
    const machine = await kit.start('chain');
    kit.killAt(point, { steps: 1 });
    await kit.run();
    expect(machine.status).not.toBe('completed');
    expect(kit.unusedFaults).toEqual([]);
    await kit.until(machine, 'completed', '1m');
    expect(machine.committed()).toEqual(['a', 'b', 'c']);
    expect(machine.history.map(({ retries }) => retries)).toEqual([0, 0, 0]);
    expect(ran.filter((line) => line.startsWith('b'))).toHaveLength(ranOnce ? 1 : 2);
  });

  it('finds a machine whose worker was killed between its commit and the next job', async () => {
    const kit = await TestKit.create({ machines: [chain()], engine: { stickySteps: 1 } });
    const machine = await kit.start('chain');
    kit.killAt('before add', { steps: 2 });
    await kit.run();
    expect([machine.status, machine.steps]).toEqual(['queued', 2]);
    await kit.until(machine, 'completed', '10s');
    expect(kit.count('redriven')).toBe(1);
    expect(ran).toHaveLength(3);
  });

  it('goes on after a watchdog was killed that makes a job anew', async () => {
    const kit = await TestKit.create({ machines: [chain()], engine: { stickySteps: 1 } });
    const machine = await kit.start('chain');
    kit.killAt('before add', { steps: 2, times: 2 }); // the commit's worker, then the one that sweeps
    await kit.until(machine, 'completed', '1m');
    expect([ran.length, kit.unusedFaults]).toEqual([3, []]);
  });

  it('fails a machine as crashed whose step kills one worker after the other', async () => {
    const kit = await TestKit.create({ machines: [chain()] });
    const machine = await kit.start('chain');
    kit.killAt('in action', { steps: 0, times: 100 });
    await kit.until(machine, 'failed', '10m');
    expect(machine.error?.code).toBe('CRASHED');
    expect(ran).toHaveLength(5);
  });

  it('raises the fence above all others after a failover', async () => {
    const kit = await TestKit.create({ machines: [chain()], engine: { stickySteps: 1 } });
    const machine = await kit.start('chain', {}, { delayMs: 1000 });
    await kit.run();
    kit.failAction('a');
    await kit.skip('1s');
    kit.failover();
    await kit.until(machine, 'completed');
    const [first, second] = machine.history;
    expect(first?.fence).toBe(1);
    expect(second?.fence).toBeGreaterThan(Date.parse('2024-01-01') * 1000);
  });

  it('aborts an action whose lease is lost, in virtual time', async () => {
    let aborted = false;
    const machine = defineMachine({
      name: 'stuck',
      initial: 'stuck',
      states: {
        stuck: {
          do: (_context, step) =>
            new Promise<void>((resolve) => {
              step.signal.addEventListener('abort', () => {
                aborted = true;
                resolve();
              });
            }),
          final: true,
        },
      },
    });
    const kit = await TestKit.create({ machines: [machine], patienceMs: 20 });
    const stuck = await kit.start('stuck');
    await kit.run();
    expect(stuck.status).toBe('running');
    await kit.skip('1m');
    expect([stuck.status, aborted]).toEqual(['running', false]); // its lease is renewed
    await kit.redis.hset('{kit:0}:l:' + stuck.correlationId, { fence: '99', nonce: 'another' });
    await kit.skip('10s');
    expect(aborted).toBe(true);
  });

  it('comes out the same for the same seed, and drops what is kept long enough', async () => {
    const times = async (seed: number) => {
      const kit = await TestKit.create({ machines: [chain()], seed });
      const machine = await kit.start('chain');
      kit.failAction('a', { times: 4 });
      await kit.until(machine, 'completed');
      const { history } = machine;
      await kit.skip('8d');
      expect(machine.exists).toBe(false);
      expect(() => machine.state).toThrow('is kept no longer');
      expect(await kit.redis.keys('*')).toEqual(['kit:definitions']);
      return history.map(({ startedAt }) => startedAt);
    };
    const first = await times(7);
    expect(await times(7)).toEqual(first);
    expect(await times(8)).not.toEqual(first);
  });

  it('waits for an action that takes real time', async () => {
    const machine = defineMachine({
      name: 'real',
      initial: 'only',
      states: { only: { do: () => new Promise<void>((resolve) => void setTimeout(resolve, 30)), final: true } },
    });
    const kit = await TestKit.create({ machines: [machine], patienceMs: 5000 });
    const real = await kit.start('real');
    await kit.run();
    expect(real.status).toBe('completed');
  });
});
