import { fault } from '../http/fault';
import { Fits } from '../http/field-check';
import { ApiProblem } from '../problems/api-problem';

/** What a correlation id may be: 1 to 128 of these. `"123"` is one; the number 123 is not. */
export const MACHINE_ID = /^[A-Za-z0-9_.-]{1,128}$/;
const WANTED = '1 to 128 characters of A-Z a-z 0-9 _ . -';

export function IsMachineId(): PropertyDecorator {
  return Fits(WANTED, (value) => typeof value === 'string' && MACHINE_ID.test(value));
}

/** For ids in a path. @throws ApiProblem VALIDATION_FAILED */
export const machineIdPipe = {
  transform(id: string): string {
    if (!MACHINE_ID.test(id)) throw ApiProblem.invalid([{ field: 'id', problem: fault(id, WANTED) }]);
    return id;
  },
};
