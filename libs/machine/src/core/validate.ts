import type { Problem } from './errors';
import type { MachineSource } from './machine-source';
import { checkEventPolicies } from './validation/events';
import { checkNamesAndNumbers } from './validation/fields';
import { checkReachability } from './validation/reachability';
import { Report } from './validation/report';
import { checkRetries } from './validation/retry';
import { checkShape } from './validation/shape';
import { checkTimers } from './validation/timers';
import { checkTransitions } from './validation/transitions';

/**
 * All problems of one definition, errors and warnings: everything but whether its actions are registered, which {@link bindAll}
 * knows. Never throws, whatever the definition holds. A definition with a value of the wrong type gets these problems only.
 */
export function validateDefinition(source: MachineSource): Problem[] {
  const report = new Report(source);
  if (!checkShape(source.definition, report)) return report.problems;
  checkNamesAndNumbers(source.definition, report);
  checkRetries(source.definition, report);
  checkTransitions(source, report);
  checkTimers(source, report);
  checkEventPolicies(source, report);
  if (!source.incomplete) checkReachability(source, report);
  return report.problems;
}
