import type { Claim } from '../core/ports';
import type { Redactor } from '../core/redact';
import type { StepLog } from '../core/step';
import type { EngineLog, LogLevel } from './options';

/** A log for user code: each line says which machine, step and fence it is of. @param redact hides fields that users give */
export function stepLog(log: EngineLog, { correlationId, runId, steps, fence }: Claim, redact?: Redactor): StepLog {
  const write =
    (level: LogLevel) =>
    (message: string, fields?: Record<string, unknown>): void => {
      const all = { correlationId, runId, steps, fence, ...(fields && redact ? redact(fields) : fields) };
      if (log.entry) log.entry(level, message, all);
      else log[level](`${message} ${JSON.stringify(all)}`);
    };
  return { debug: write('debug'), info: write('log'), warn: write('warn'), error: write('error') };
}
