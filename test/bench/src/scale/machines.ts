import { defineMachine, MachineRegistry, type MachineSource } from '@stile/machine';
import { machineOf } from '../machines';

export const STEPS = 10;
export const RUNNER = `steps-${STEPS}`;
export const ONE_STEP = 'steps-1';

/** Waits for an event that nobody sends. */
export const SLEEPER = 'sleeper';
/** The same, and for a timer that is not due while anybody measures. */
export const TIMED_SLEEPER = 'timed-sleeper';

/** Where lists and counts find one that sleeps. */
export function asleep(machine: string): string {
  return `${machine}@1|waiting|asleep`;
}

function sleepers(): MachineSource[] {
  const awake = { final: true } as const;
  return [
    defineMachine({ name: SLEEPER, initial: 'asleep', states: { asleep: { on: { wake: 'awake' } }, awake } }),
    defineMachine({
      name: TIMED_SLEEPER,
      initial: 'asleep',
      states: { asleep: { on: { wake: 'awake' }, after: { '365d': 'wake' } }, awake },
    }),
  ];
}

/** All machines of the bench; every process has them. */
export function registry(): MachineRegistry {
  const all = new MachineRegistry();
  for (const source of [machineOf(1), machineOf(STEPS), ...sleepers()]) all.addSource(source);
  all.bind();
  return all;
}

/** 200 bytes of JSON. */
export const CONTEXT = { text: 'x'.repeat(189) };
