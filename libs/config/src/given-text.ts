import { readFileSync } from 'node:fs';
import type { Fault } from './config-error';
import { secretFiles, type Variable } from './config-table';

/** What the environment says of a variable; without `text` it says nothing. */
export type Given =
  | { readonly text?: string; readonly from: Pick<Fault, 'variable' | 'value'> }
  /** It says two things, or names a file that cannot be read. */
  | { readonly fault: Fault };

/** The variable itself or, where it may hold a secret, the file that its `_FILE` names. Set to nothing is unset. */
export function givenText({ name, hidden }: Pick<Variable, 'name' | 'hidden'>, env: NodeJS.ProcessEnv): Given {
  const text = env[name]?.trim() || undefined;
  const fileVariable = secretFiles.get(name);
  const path = fileVariable === undefined ? undefined : env[fileVariable]?.trim() || undefined;
  if (fileVariable === undefined || path === undefined)
    return { text, from: { variable: name, value: hidden && text ? '***' : text } };
  const fault = (problem: string): Given => ({ fault: { variable: fileVariable, value: path, problem } });
  let read: string;
  try {
    read = readFileSync(path, 'utf8').trim();
  } catch (error) {
    return fault(
      `the file cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}); give one that has ${name}`,
    );
  }
  if (read === '') return fault(`the file is empty; write ${name} into it`);
  if (text !== undefined && text !== read) return fault(`${name} is set as well, to something else; unset one of them`);
  // What is in the file is a secret as a whole: what is wrong with it is told without it.
  return { text: read, from: { variable: fileVariable, value: path } };
}
