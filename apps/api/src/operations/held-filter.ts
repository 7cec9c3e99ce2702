import type { MachineFilter, OperationFilter } from '@stile/machine';
import { outside, type Scope } from '../access/scope';
import { fault } from '../http/fault';
import { ApiProblem } from '../problems/api-problem';

/**
 * The part of an operation's filter that its caller is held to. What it holds is not checked yet, and may be any JSON.
 *
 * @throws ApiProblem OUTSIDE_SCOPE, VALIDATION_FAILED
 */
export function heldFilter(filter: OperationFilter, scope: Scope): OperationFilter {
  if (scope.isWhole) return filter;
  const { all, ...conditions } = filter as Readonly<Record<string, unknown>>;
  // Anything else beside `all` is refused by the library, as it would be without a scope.
  const wanted = (all === true && Object.keys(conditions).length === 0 ? {} : filter) as MachineFilter;
  const { idPrefix } = conditions;
  if (idPrefix !== undefined && typeof idPrefix !== 'string') {
    throw ApiProblem.invalid([{ field: 'filter.idPrefix', problem: fault(idPrefix, 'a text') }]);
  }
  if (Object.keys(wanted).length === 0 && all !== true) return filter; // empty is refused by the library: it is more often a mistake
  const held = scope.narrow(wanted);
  if (held) return held;
  throw outside('no machine that this filter is for can be one of this caller; its ids and definitions are in GET /v1/session');
}
