import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises';

/** Turns of the event loop in which what needs no real time has ended. */
const TURNS = 20;

/** One turn of the event loop: promise chains of any length run through. */
export function turn(): Promise<void> {
  return immediate();
}

/** Waits for `work`, in real time, no longer than `patienceMs`. @returns whether it has ended */
export async function ended(work: Promise<unknown>, patienceMs: number): Promise<boolean> {
  let done = false;
  const mark = (): void => void (done = true);
  void work.then(mark, mark);
  for (let i = 0; i < TURNS && !done; i++) await turn();
  for (const end = performance.now() + patienceMs; !done && performance.now() < end;) await sleep(1);
  return done;
}
