import { fault } from '../http/fault';
import { ApiProblem } from '../problems/api-problem';

/** For ids of inbox items in a path. @throws ApiProblem VALIDATION_FAILED */
export const itemIdPipe = {
  transform(text: string): number {
    if (/^\d{1,15}$/.test(text)) return Number(text);
    throw ApiProblem.invalid([{ field: 'item', problem: fault(text, 'the id of an item of the inbox') }]);
  },
};
