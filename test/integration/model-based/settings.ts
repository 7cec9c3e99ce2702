import fc from 'fast-check';

/** Runs of all model-based suites together, unless STILE_TEST_RUNS says otherwise. */
const RUNS = 1000;
/** Runs that go on at the same time: one waits for Redis while another thinks. */
const LANES = 4;

/** More runs than usual take longer than a test may. */
export const LONG_MS = 3_600_000;

/** @param share how much of all runs is this suite's part, 0…1 */
export function runsFor(share: number): number {
  return Math.ceil(wholeOf('STILE_TEST_RUNS', RUNS) * share);
}

/**
 * Checks a property in several lanes. fast-check prints seed and shrunk commands of what fails; STILE_TEST_SEED takes that seed and
 * runs the same again.
 */
export async function assertInLanes<T>(runs: number, property: () => fc.IAsyncProperty<T>): Promise<void> {
  const seed = wholeOf('STILE_TEST_SEED', Math.floor(Math.random() * 0x7fffffff));
  const numRuns = Math.ceil(runs / LANES);
  // All lanes end before the first failure is told: none goes on into the tests that follow.
  const lanes = Array.from({ length: LANES }, (_, lane) => fc.assert(property(), { seed: seed + lane, numRuns }));
  for (const lane of await Promise.allSettled(lanes)) if (lane.status === 'rejected') throw lane.reason;
}

function wholeOf(name: string, otherwise: number): number {
  const text = process.env[name];
  if (text === undefined || text === '') return otherwise;
  if (!/^-?\d+$/.test(text)) throw new Error(`${name} is "${text}"; give a whole number`);
  return Number(text);
}
