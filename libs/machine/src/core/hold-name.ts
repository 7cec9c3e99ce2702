import type { HoldTarget } from './steering';

/** `order`, `order@2`, `order/charge`, `order@2/charge`. */
export function holdName({ machine, version, state }: HoldTarget): string {
  return `${machine}${version === undefined ? '' : `@${version}`}${state === undefined ? '' : `/${state}`}`;
}

/** All names of holds that would stop a machine before it enters a state. */
export function holdsOn(machine: string, version: number, state: string): readonly string[] {
  return [{ machine }, { machine, version }, { machine, state }, { machine, version, state }].map(holdName);
}
