import type { JobQueue } from '../core/ports';
import { disturb } from './disturb';
import type { FaultInjector } from './fault-injector';
import { RandomFaults } from './random-faults';

/** Commits `count` times; says of each whether it took place, and whether its caller was told so. */
async function commits(faults: FaultInjector, count: number) {
  const seen: { made: boolean; told: boolean }[] = [];
  let calls = 0;
  const queue: JobQueue = {
    add: async () => {
      calls++;
    },
    inspect: async () => 'gone',
    promote: async () => undefined,
  };
  const port = disturb('queue', queue, faults);
  for (let i = 0; i < count; i++) {
    const before = calls;
    const told = await port.add([]).then(
      () => true,
      () => false,
    );
    seen.push({ made: calls > before, told });
  }
  return seen;
}

it('half of the errors come after the call took place', async () => {
  const faults = new RandomFaults({ seed: 3, errors: { enqueue: 0.4 } });
  const seen = await commits(faults, 4000);
  const failed = seen.filter(({ told }) => !told);
  const lostReplies = failed.filter(({ made }) => made);
  expect(failed.length / 4000).toBeCloseTo(0.4, 1);
  expect(lostReplies.length / failed.length).toBeCloseTo(0.5, 1);
  const { before, after } = faults.counts.get('enqueue') ?? { before: 0, after: 0 };
  expect([before, after]).toEqual([failed.length - lostReplies.length, lostReplies.length]);
});

it('a probability of 1 lets nothing through, 0 disturbs nothing, and what is not named is left alone', async () => {
  expect((await commits(new RandomFaults({ errors: { enqueue: 1 } }), 50)).every(({ told }) => !told)).toBe(true);
  for (const errors of [{ enqueue: 0, '*': 1 }, { commit: 1 }]) {
    expect(await commits(new RandomFaults({ errors }), 50)).toEqual(Array(50).fill({ made: true, told: true }));
  }
  expect((await commits(new RandomFaults({ errors: { '*': 1 } }), 50)).every(({ told }) => !told)).toBe(true);
});

it('the same seed gives the same faults, another one others', async () => {
  const of = (seed: number) => commits(new RandomFaults({ seed, errors: { '*': 0.3 } }), 200);
  expect(await of(5)).toEqual(await of(5));
  expect(await of(5)).not.toEqual(await of(6));
});

it('an error that is injected says so, and looks like a store that does not answer', async () => {
  const queue = disturb('queue', {} as JobQueue & { add: () => Promise<void> }, undefined);
  expect(queue).toEqual({});
  const faults = new RandomFaults({ errors: { commit: 1 } });
  expect(() => faults.reach('after', 'commit')).toThrow(
    expect.objectContaining({ code: 'STORE_UNAVAILABLE', message: 'the store is unavailable: injected after commit' }),
  );
});

it.each([
  [{ comit: 0.1 }, 'there is no operation "comit"; give "*" for all, or some of claim, commit'],
  [{ commit: 1.1 }, 'commit is 1.1; give a probability from 0 to 1'],
  [{ commit: Number.NaN }, 'commit is null; give a probability from 0 to 1'],
])('%p is refused', (errors, message) => {
  expect(() => new RandomFaults({ errors } as never)).toThrow(message);
});
