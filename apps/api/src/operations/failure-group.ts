import { fault } from '../http/fault';
import { ApiProblem } from '../problems/api-problem';

const WANTED = 'the id of a group, 16 of 0-9 a-f, as GET /v1/failures lists it';

/** For groups in a path. @throws ApiProblem VALIDATION_FAILED */
export const groupPipe = {
  transform(group: string): string {
    if (!/^[0-9a-f]{16}$/.test(group)) throw ApiProblem.invalid([{ field: 'group', problem: fault(group, WANTED) }]);
    return group;
  },
};
