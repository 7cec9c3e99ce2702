import type { Database } from './database';
import type { Reply } from './reply';

/** A command: how many arguments it takes, its name left out, and what it does. */
export interface Command {
  readonly min: number;
  readonly max: number;
  readonly run: (db: Database, args: readonly string[]) => Reply;
}

/** A command's code; arguments that its arity promises need no check. */
export type Run = (db: Database, key: string, ...args: string[]) => Reply;

/** A command with a fixed number of arguments. */
export function exactly(count: number, run: Run): Command {
  return between(count, count, run);
}

export function atLeast(min: number, run: Run): Command {
  return between(min, Infinity, run);
}

export function between(min: number, max: number, run: Run): Command {
  return { min, max, run: (db, [key = '', ...args]) => run(db, key, ...args) };
}
