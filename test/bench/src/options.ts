/** What follows an option on the command line. */
export function text(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

/** @throws RangeError when it is no number above 0 */
export function option(name: string, preset: number): number {
  const given = text(name);
  if (given === undefined) return preset;
  const value = Number(given);
  if (!(value > 0)) throw new RangeError(`${name} is ${given}; give a number above 0`);
  return value;
}

export function flag(name: string): boolean {
  return process.argv.includes(name);
}
