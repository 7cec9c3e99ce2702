import { VirtualClock } from '../../../lease/src/testing/virtual-clock';
import type { WorkerSeen } from '../core/machines';
import { Colleagues } from './colleagues';

function worker(lastSeenMs: number, ...definitions: WorkerSeen['definitions']): WorkerSeen {
  return { definitions, lastSeenMs } as WorkerSeen;
}

it('knows what workers that live run, and asks for it every two seconds at most', async () => {
  const clock = new VirtualClock();
  let seen: readonly WorkerSeen[] | Error = [
    worker(100, { name: 'a', version: 1 }, { name: 'b', version: 2 }),
    worker(10_000, { name: 'gone', version: 1 }),
  ];
  let asked = 0;
  const list = async (): Promise<readonly WorkerSeen[]> => {
    asked++;
    if (seen instanceof Error) throw seen;
    return seen;
  };
  const colleagues = new Colleagues({ list }, clock);
  const all = async () =>
    Promise.all([colleagues.have('a', 1), colleagues.have('a', 2), colleagues.have('b', 2), colleagues.have('gone', 1)]);
  expect(await all()).toEqual([true, false, true, false]);
  seen = [worker(0, { name: 'a', version: 2 })];
  await clock.advance(1999);
  expect(await all()).toEqual([true, false, true, false]);
  await clock.advance(1);
  expect(await all()).toEqual([false, true, false, false]);
  seen = new Error('away');
  await clock.advance(2000);
  expect(await all()).toEqual([false, false, false, false]);
  expect(asked).toBe(3);
});
