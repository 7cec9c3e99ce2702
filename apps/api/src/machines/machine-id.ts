import { ApiProblem } from '../problems/api-problem';

/** What a correlation id may be: 1 to 128 of these. `"123"` is one; the number 123 is not. */
export const MACHINE_ID = /^[A-Za-z0-9_.-]{1,128}$/;
export const MACHINE_ID_PROBLEM = 'must be 1 to 128 characters of A-Z a-z 0-9 _ . -';

/** For ids in a path. @throws ApiProblem VALIDATION_FAILED */
export const machineIdPipe = {
  transform(id: string): string {
    if (!MACHINE_ID.test(id)) throw ApiProblem.invalid([{ field: 'id', problem: MACHINE_ID_PROBLEM }]);
    return id;
  },
};
