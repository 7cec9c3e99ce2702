import type { ProblemCode } from './codes';

/** A field that cannot be used, and why. */
export interface FieldProblem {
  /** As a path: `items[3].correlationId`. */
  readonly field: string;
  readonly problem: string;
}

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
    const fields = errors.length === 1 ? 'a field' : `${errors.length} fields`;
    return new ApiProblem('VALIDATION_FAILED', `${fields} cannot be used, see errors`, errors);
  }
}
