import { ApiProblem } from '../problems/api-problem';

export function takenProblem(correlationId: string): ApiProblem {
  return new ApiProblem(
    'CORRELATION_ID_TAKEN',
    `"${correlationId}" was started with another payload; send the same payload again, or take another id`,
  );
}
