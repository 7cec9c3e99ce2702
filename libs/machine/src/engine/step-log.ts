import type { Claim } from '../core/ports';
import type { StepLog } from '../core/step';
import type { EngineLog } from './options';

/** A log for user code: each line says which machine, step and fence it is of. */
export function stepLog(log: EngineLog, { correlationId, steps, fence }: Claim): StepLog {
  const line = (message: string, fields?: Record<string, unknown>) =>
    `${message} ${JSON.stringify({ correlationId, steps, fence, ...fields })}`;
  return {
    debug: (message, fields) => log.debug(line(message, fields)),
    info: (message, fields) => log.log(line(message, fields)),
    warn: (message, fields) => log.warn(line(message, fields)),
    error: (message, fields) => log.error(line(message, fields)),
  };
}
