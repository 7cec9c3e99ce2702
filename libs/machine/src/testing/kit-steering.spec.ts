import { defineMachine } from '../core/define-machine';
import { RevisionError, SteeringRefusedError } from '../core/errors';
import type { Context, Step } from '../core/step';
import { TestKit } from './index';

const done: string[] = [];
beforeEach(() => void (done.length = 0));

/** Works until its signal is aborted; what was begun is undone. */
const worker = defineMachine({
  name: 'worker',
  onCancel: 'undo',
  initial: 'work',
  states: {
    work: {
      do: (_context, step) =>
        new Promise<void>((_resolve, reject) => {
          step.signal.addEventListener('abort', () => {
            done.push((step.signal.reason as { code: string }).code);
            reject(step.signal.reason as Error);
          });
        }),
      on: { worked: 'end' },
    },
    undo: { do: () => (done.push('undone'), 'undone'), on: { undone: 'end' } },
    end: { final: true },
  },
});

const flow = defineMachine({
  name: 'flow',
  initial: 'first',
  states: {
    first: { do: () => {}, on: { go: 'second' } },
    second: {
      do: (context: Context, step: Step) => {
        if (context.broken) throw new Error('broken');
        done.push(`second ${step.steps}`);
        return 'next';
      },
      on: { next: 'third' },
      retry: { maxRetries: 0 },
    },
    third: { final: true },
  },
});

async function startedFlow(context: Context = {}) {
  const kit = await TestKit.create({ machines: [flow] });
  const machine = await kit.start('flow', context);
  await kit.run();
  return { kit, machine, id: machine.correlationId };
}

describe('TestKit: steering', () => {
  it('cancels a running action by its signal within a quarter of a second, and cleans up', async () => {
    const kit = await TestKit.create({ machines: [worker], patienceMs: 20 });
    const machine = await kit.start('worker');
    await kit.run();
    await kit.skip('1h');
    expect((await kit.steering.cancel(machine.correlationId)).asked).toBe('cancel');
    await kit.until(machine, 'cancelled', '250ms');
    expect(done).toEqual(['CANCELLED', 'undone']);
    expect(machine.history.map(({ outcome }) => outcome)).toEqual(['cancelling', 'committed', 'committed']);
  });

  it('cancels at once, whatever the action does afterwards', async () => {
    const kit = await TestKit.create({ machines: [worker], patienceMs: 20 });
    const machine = await kit.start('worker');
    await kit.run();
    await kit.steering.cancel(machine.correlationId, { mode: 'now' });
    await kit.run();
    expect(machine.status).toBe('cancelled');
    await kit.skip('1s');
    expect([machine.committed(), done]).toEqual([[], ['LEASE_LOST']]);
  });

  it('pauses, keeps events meanwhile, and resumes', async () => {
    const { kit, machine, id } = await startedFlow();
    await kit.steering.pause(id, { by: 'ada' });
    expect(await machine.send('go')).toEqual({ outcome: 'kept' });
    await kit.skip('1d');
    expect([machine.status, machine.state]).toEqual(['paused', 'first']);
    await kit.steering.resume(id);
    await kit.run();
    expect(machine.status).toBe('completed');
    expect(machine.history.map(({ outcome, by }) => [outcome, by])).toContainEqual(['paused', 'ada']);
  });

  it('edits a failed machine at the revision that was read, and retries it in place', async () => {
    const { kit, machine, id } = await startedFlow({ broken: true });
    await machine.send('go');
    await kit.run();
    expect([machine.status, machine.state]).toEqual(['failed', 'first']);
    await expect(kit.steering.edit(id, {}, 'another')).rejects.toBeInstanceOf(RevisionError);
    await kit.steering.edit(id, { broken: null }, machine.all.revision);
    await kit.steering.retry(id);
    await kit.run();
    expect([machine.status, machine.context, done]).toEqual(['completed', {}, ['second 1']]);
  });

  it('moves a machine by hand', async () => {
    const { kit, machine, id } = await startedFlow();
    await kit.steering.move(id, 'second', { by: 'ada', why: 'the event was lost' });
    await kit.run();
    expect([machine.status, machine.committed()]).toEqual(['completed', ['first', 'second', 'third']]);
    await expect(kit.steering.move(id, 'first')).rejects.toBeInstanceOf(SteeringRefusedError);
  });

  it('stops machines before a state that is held, and lets them go with the hold', async () => {
    const { kit, machine } = await startedFlow();
    await kit.steering.hold({ machine: 'flow', state: 'second' });
    await machine.send('go');
    await kit.run();
    expect([machine.status, machine.all.heldBy]).toEqual(['paused', 'flow/second']);
    await kit.steering.unhold({ machine: 'flow', state: 'second' });
    await kit.run();
    expect([machine.status, done]).toEqual(['completed', ['second 1']]);
  });
});

describe('TestKit: pausing what runs', () => {
  const slow = defineMachine({
    name: 'slow',
    initial: 'work',
    states: {
      work: { do: () => new Promise<string>((resolve) => (finish = () => resolve('worked'))), on: { worked: 'end' } },
      end: { final: true },
    },
  });
  let finish!: () => void;

  async function pausedWhileRunning() {
    const kit = await TestKit.create({ machines: [slow], patienceMs: 20 });
    const machine = await kit.start('slow');
    await kit.run();
    expect((await kit.steering.pause(machine.correlationId)).asked).toBe('pause');
    return { kit, machine, id: machine.correlationId };
  }

  it('lets the step commit, then rests, then goes on', async () => {
    const { kit, machine, id } = await pausedWhileRunning();
    finish();
    await kit.skip('1s');
    expect([machine.status, machine.all.asked, machine.committed()]).toEqual(['paused', null, ['work']]);
    await kit.steering.resume(id);
    await kit.run();
    expect(machine.status).toBe('completed');
  });

  it('forgets the pause where it is taken back before the step has ended', async () => {
    const { kit, machine, id } = await pausedWhileRunning();
    await kit.steering.resume(id);
    finish();
    await kit.skip('1s');
    expect(machine.status).toBe('completed');
  });

  it('rests without the commit of a worker that has died, and goes on', async () => {
    const kit = await TestKit.create({ machines: [flow] });
    const machine = await kit.start('flow');
    kit.killAt('after claim');
    await kit.run();
    await kit.steering.pause(machine.correlationId);
    await kit.skip('1m');
    expect(machine.status).toBe('paused');
    await kit.steering.resume(machine.correlationId);
    await kit.run();
    expect([machine.status, machine.state]).toEqual(['waiting', 'first']);
  });
});
