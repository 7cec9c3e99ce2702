import { StileError } from '@stile/machine';

/** What stands in the way of a translation. */
export interface FormatProblem {
  /** Where in what was given: `states.charge.on.PAID.guard`. Empty for the whole. */
  readonly path: string;
  readonly message: string;
}

/** A definition cannot be had from what was given, or not in this format. All problems together. */
export class FormatError extends StileError {
  readonly code = 'FORMAT_UNUSABLE';
  constructor(
    what: string,
    readonly problems: readonly FormatProblem[],
  ) {
    super(
      `${what}: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}\n` +
        problems.map(({ path, message }) => `  ${path === '' ? '' : `${path}: `}${message}`).join('\n'),
    );
  }
}
