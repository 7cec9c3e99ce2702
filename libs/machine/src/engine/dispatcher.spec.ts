import { VirtualClock } from '../../../lease/src/testing/virtual-clock';
import { bindAll } from '../core/bind';
import { defineMachine } from '../core/define-machine';
import type { Claim, ClaimResult } from '../core/ports';
import type { Job } from '../core/model';
import { noTimings } from '../core/timings';
import { Dispatcher } from './dispatcher';
import type { EngineParts } from './engine-parts';
import { engineDefaults, quietLogs } from './options';

const CRASH_LIMIT = 5;

function jobOf(correlationId: string): Job {
  return { correlationId, steps: 0, retries: 0, rev: 0, drive: 0, machine: 'm', version: 1, queue: 'q' };
}

function claimOf(job: Job, claims: number): Claim {
  return {
    ...job,
    ...{ job, nonce: 'n', fence: claims, sentAt: 0, now: 0, maxRetries: 3, runId: 'r', claims, more: false, context: '{}' },
    ...{ state: 'pseudo_init', event: 'pseudo_init' },
  };
}

/** A dispatcher whose store answers claims when it is told to, and whose actions end when they are told to. */
function stage() {
  const asked: { readonly id: string; readonly barred: number; readonly answer: (result: ClaimResult) => void }[] = [];
  const ran: string[] = [];
  const ends = new Map<string, () => void>();
  const { bound } = bindAll(
    [
      defineMachine({
        name: 'm',
        initial: 'work',
        states: {
          work: {
            final: true,
            do: async (_context, step) => {
              ran.push(step.correlationId);
              await new Promise<void>((resolve) => ends.set(step.correlationId, resolve));
            },
          },
        },
      }),
    ],
    new Map(),
  );
  const steps = {
    claim: ({ correlationId }: Job, _nonce: string, barred: number) =>
      new Promise<ClaimResult>((answer) => asked.push({ id: correlationId, barred, answer })),
    commit: async () => ({ outcome: 'committed', next: 'completed' }),
  };
  const quiet = { debug: () => undefined, log: () => undefined, warn: () => undefined, error: () => undefined };
  const clock = new VirtualClock();
  const parts = {
    ...{ steps, clock, log: quiet, worker: 'w', incarnation: 'i', random: () => 0.5 },
    ...{ queue: { add: async () => undefined }, outbox: { poke: () => undefined }, counters: { add: () => undefined } },
    holds: { any: false, first: () => undefined },
    definitions: { find: () => bound[0], all: () => bound },
    ...{ timings: noTimings, logs: quietLogs },
    options: { ...engineDefaults, crashLimit: CRASH_LIMIT, leaseTtlMs: 1000 },
  } as unknown as EngineParts;
  return { asked, ran, ends, clock, parts, dispatcher: new Dispatcher(parts) };
}

describe('a job whose definition this worker lacks (C5)', () => {
  const delays = async (elsewhere: boolean) => {
    const { parts } = stage();
    const asked: string[] = [];
    const colleagues = { have: async (name: string, version: number) => asked.push(`${name}@${version}`) > 0 && elsewhere };
    const dispatcher = new Dispatcher({ ...parts, colleagues, definitions: { find: () => undefined, all: () => [] } });
    const of = async (pickups: number) => {
      const disposition = await dispatcher.handle(jobOf('m-1'), pickups);
      return disposition.kind === 'later' ? disposition.delayMs : undefined;
    };
    return { delays: [await of(0), await of(8), await of(13), await of(14), await of(30), await of(1e6)], asked };
  };

  it('comes again within a second as long as a colleague has it', async () => {
    expect(await delays(true)).toEqual({ delays: [15, 15, 480, 750, 750, 750], asked: ['m@1', 'm@1', 'm@1'] });
  });

  it('comes ever more rarely where nobody has it', async () => {
    expect((await delays(false)).delays).toEqual([15, 15, 480, 960, 22_500, 22_500]);
  });
});

describe('a last claim (C4)', () => {
  // Two answers that come in one packet are one turn of the event loop: between a claim's grant and its run nothing may look idle.
  it('is not made beside a claim that was granted in the same turn of the event loop', async () => {
    const { asked, ran, ends, clock, dispatcher } = stage();
    const poison = dispatcher.handle(jobOf('poison'), 0);
    const suspect = dispatcher.handle(jobOf('suspect'), 0);
    asked[0]!.answer({ outcome: 'claimed', claim: claimOf(jobOf('poison'), CRASH_LIMIT - 1) });
    asked[1]!.answer({ outcome: 'crowded' });
    await clock.advance(100);
    expect([ran, asked.length]).toEqual([['poison'], 2]);

    ends.get('poison')!();
    await clock.advance(100);
    expect(asked.slice(2)).toMatchObject([{ id: 'suspect', barred: 0 }]);
    asked[2]!.answer({ outcome: 'claimed', claim: claimOf(jobOf('suspect'), CRASH_LIMIT) });
    await clock.advance(0);
    ends.get('suspect')!();
    expect(await Promise.all([poison, suspect])).toEqual([{ kind: 'done' }, { kind: 'done' }]);
  });

  it('is made at once where nothing else is in hand, and nothing is claimed beside it', async () => {
    const { asked, ends, clock, dispatcher } = stage();
    const suspect = dispatcher.handle(jobOf('suspect'), 0);
    asked[0]!.answer({ outcome: 'crowded' });
    await clock.advance(0);
    expect(asked[1]).toMatchObject({ id: 'suspect', barred: 0 });
    const other = dispatcher.handle(jobOf('other'), 0);
    await clock.advance(100);
    expect(asked).toHaveLength(2);

    asked[1]!.answer({ outcome: 'claimed', claim: claimOf(jobOf('suspect'), CRASH_LIMIT) });
    await clock.advance(0);
    ends.get('suspect')!();
    await suspect;
    await clock.advance(0);
    expect(asked[2]).toMatchObject({ id: 'other', barred: CRASH_LIMIT });
    asked[2]!.answer({ outcome: 'missing' });
    await other;
  });
});
