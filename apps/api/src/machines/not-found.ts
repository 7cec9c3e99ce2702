import { MachineNotFoundError } from '@stile/machine';

/** For what answers with nothing when there is no such machine. */
export function found<T>(id: string, value: T | undefined): T {
  if (value === undefined) throw new MachineNotFoundError(id);
  return value;
}
