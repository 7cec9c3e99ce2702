import { existsSync } from 'node:fs';
import type { CheckedMachines, Definition, Problem } from '@stile/machine';
import { EXIT } from '../exit-codes';
import { PlainError } from '../plain-error';
import type { MachineRef } from '../input/arguments';

/**
 * Reads and checks machines of files and folders, without Redis. Compiled modules among them are run.
 *
 * @throws PlainError where there is nothing of that name
 */
export async function readMachines(paths: readonly string[]): Promise<CheckedMachines> {
  for (const path of paths) {
    if (!existsSync(path)) throw new PlainError(`there is no file or folder "${path}"`, EXIT.notFound);
  }
  // Loaded when it is needed: it brings Nest and BullMQ, which would slow down each of the other commands.
  const { checkMachines, loadMachines } = await import('@stile/machine');
  return checkMachines(loadMachines(paths));
}

/** One definition of a file. @throws PlainError naming those there are */
export async function readDefinition(path: string, wanted?: MachineRef): Promise<Definition> {
  const { machines, problems } = await readMachines([path]);
  const { formatProblem } = await import('@stile/machine');
  const errors = problems.filter(isError);
  if (errors.length > 0) throw new PlainError(errors.map((problem) => formatProblem(problem)).join('\n'), EXIT.usage);
  const all = machines.map(({ definition }) => definition);
  const fitting = all.filter(
    ({ name, version }) => wanted === undefined || (name === wanted.machine && (wanted.version ?? version) === version),
  );
  const [only, another] = fitting.sort((a, b) => b.version - a.version);
  if (only && (another === undefined || wanted !== undefined)) return only;
  const names = all.map(({ name, version }) => `${name}@${version}`).join(', ');
  if (all.length === 0) throw new PlainError(`"${path}" has no machine`, EXIT.notFound);
  if (only) throw new PlainError(`"${path}" has several machines; name one with --machine: ${names}`, EXIT.usage);
  throw new PlainError(`"${path}" has no machine of that name; it has: ${names}`, EXIT.notFound);
}

export function isError({ severity }: Problem): boolean {
  return severity === 'error';
}
