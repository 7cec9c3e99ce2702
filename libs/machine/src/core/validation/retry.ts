import type { Definition, RetryPolicy } from '../definition';
import type { DefinitionPart } from '../machine-source';
import { quote } from '../names';
import { DEFAULT_CAP_MS, JITTERS, mergedRetry } from '../retry';
import { hint } from '../suggest';
import { checkInteger, DAY_MS } from './checks';
import type { Report } from './report';

export const MAX_RETRIES = 1000;
const MAX_BACKOFF_MS = DAY_MS;
const MAX_FACTOR = 100;
const MAX_CODE_LENGTH = 100;

type PartOf = (field: string) => DefinitionPart;

/** The retry policies of the machine and of its states. */
export function checkRetries(definition: Definition, report: Report): void {
  const { name, retry, states } = definition;
  const part: PartOf = (field) => ({ field: `retry.${field}` });
  if (retry) checkRetry(`machine "${name}"`, retry, retry, part, report);
  for (const state of Object.values(states)) {
    const ofState: PartOf = (field) => ({ state: state.name, field: `retry.${field}` });
    if (state.retry) checkRetry(`state "${state.name}"`, state.retry, mergedRetry(definition, state), ofState, report);
  }
}

/** @param merged with what is said for all states: base and cap may stand in different places */
function checkRetry(what: string, retry: RetryPolicy, merged: RetryPolicy, part: PartOf, report: Report): void {
  const { maxRetries, baseMs, capMs, factor, jitter, retryable } = retry;
  checkInteger(`max retries of ${what}`, maxRetries, 0, MAX_RETRIES, part('maxRetries'), report);
  checkInteger(`retry base of ${what} in ms`, baseMs, 0, MAX_BACKOFF_MS, part('baseMs'), report, ' (1 day)');
  checkInteger(`retry cap of ${what} in ms`, capMs, 0, MAX_BACKOFF_MS, part('capMs'), report, ' (1 day)');
  if (factor !== undefined && !(factor >= 1 && factor <= MAX_FACTOR)) {
    report.error('bad-number', `retry factor of ${what} is ${factor}; give a number from 1 to ${MAX_FACTOR}`, part('factor'));
  }
  if (jitter !== undefined && !JITTERS.includes(jitter)) {
    report.error('bad-jitter', `retry jitter of ${what} is ${quote(jitter)}; ${hint(jitter, JITTERS)}`, part('jitter'));
  }
  if (retryable !== undefined) checkCodes(what, retryable, part('retryable'), report);
  const { baseMs: base, capMs: cap = DEFAULT_CAP_MS } = merged;
  if (base === undefined || !(base > cap) || (baseMs === undefined && capMs === undefined)) return;
  const message = `retry base of ${what} is ${base} ms, above its cap of ${cap} ms, which wins; raise the cap`;
  report.warning('base-above-cap', message, part(baseMs === undefined ? 'capMs' : 'baseMs'));
}

function checkCodes(what: string, codes: readonly string[], part: DefinitionPart, report: Report): void {
  if (codes.length === 0) {
    const message = `${what} names no retryable error code, so that nothing would be retried; set its max retries to 0 instead`;
    report.error('empty', message, part);
  }
  for (const code of codes) {
    if (code.length >= 1 && code.length <= MAX_CODE_LENGTH) continue;
    const message = `retryable error code ${quote(code)} of ${what} has ${code.length} characters; give 1 to ${MAX_CODE_LENGTH}`;
    report.error('bad-code', message, part);
  }
}
