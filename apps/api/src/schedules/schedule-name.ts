import { fault } from '../http/fault';
import { ApiProblem } from '../problems/api-problem';
import { SCHEDULE_NAME, SCHEDULE_NAME_WANTED } from './schedule.dto';

/** For names in a path. @throws ApiProblem VALIDATION_FAILED */
export const scheduleNamePipe = {
  transform(name: string): string {
    if (!SCHEDULE_NAME.test(name)) throw ApiProblem.invalid([{ field: 'name', problem: fault(name, SCHEDULE_NAME_WANTED) }]);
    return name;
  },
};
