import { isDeepStrictEqual, inspect } from 'node:util';

/** What Redis did is not what the model says. */
export class Disagreement extends Error {
  constructor(what: string, real: unknown, expected: unknown) {
    const show = (value: unknown) => inspect(value, { depth: 6, breakLength: 130 });
    super(`${what}\n  real:     ${show(real)}\n  expected: ${show(expected)}`);
    this.name = 'Disagreement';
  }
}

/** jest's own matchers cost more than the commands that are checked by them. */
export function agree(what: string, real: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(real, expected)) throw new Disagreement(what, real, expected);
}

export function holds(what: string, holdsTrue: boolean, seen?: unknown): void {
  if (!holdsTrue) throw new Disagreement(what, seen, 'see the rule');
}
