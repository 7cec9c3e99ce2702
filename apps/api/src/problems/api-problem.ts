import type { ProblemCode } from './codes';

/** A field that cannot be used, and why. */
export interface FieldProblem {
  /** As a path: `items[3].correlationId`. Empty for the body itself. */
  readonly field: string;
  readonly problem: string;
}

/** More fields than any body has. Who sends a hundred thousand that are not known is not told of each: it would be ten times what was sent. */
export const MAX_TOLD = 20;

/** Thrown anywhere under a request; becomes the answer. `detail` is shown to the client. */
export class ApiProblem extends Error {
  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    readonly errors?: readonly FieldProblem[],
  ) {
    super(detail);
    this.name = 'ApiProblem';
  }

  static invalid(errors: readonly FieldProblem[]): ApiProblem {
    const [first] = errors;
    const detail =
      errors.length === 1 && first
        ? `${first.field || 'the body'} ${first.problem}`
        : `${errors.length} fields cannot be used, see errors${errors.length > MAX_TOLD ? ` for the first ${MAX_TOLD}` : ''}`;
    return new ApiProblem('VALIDATION_FAILED', detail, errors.slice(0, MAX_TOLD));
  }
}
