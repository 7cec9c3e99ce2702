import type { DefinitionPart } from '../machine-source';
import { ACTION_NAME_RULE, isActionName, isName, NAME_RULE, quote } from '../names';
import type { Report } from './report';

export const SECOND_MS = 1000;
export const DAY_MS = 24 * 3600 * SECOND_MS;
export const TEN_YEARS_MS = 3650 * DAY_MS;

export function checkName(kind: string, name: string, part: DefinitionPart, report: Report): void {
  if (isName(name)) return;
  if (name === '') report.error('empty', `the ${kind} has an empty name; ${NAME_RULE}`, part);
  else report.error('bad-name', `${kind} ${quote(name)} is not a usable name; ${NAME_RULE}`, part);
}

export function checkActionName(name: string | undefined, part: DefinitionPart, report: Report): void {
  if (name === undefined || isActionName(name)) return;
  if (name === '') report.error('empty', `an action of state "${part.state}" has an empty name; ${ACTION_NAME_RULE}`, part);
  else report.error('bad-name', `action ${quote(name)} is not a usable name; ${ACTION_NAME_RULE}`, part);
}

export function checkInteger(
  what: string,
  value: number | undefined,
  min: number,
  max: number,
  part: DefinitionPart,
  report: Report,
  meaning = '',
): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= min && value <= max)) return;
  const range = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `from ${min} to ${max}${meaning}`;
  report.error('bad-number', `${what} is ${value}; give a whole number ${range}`, part);
}
