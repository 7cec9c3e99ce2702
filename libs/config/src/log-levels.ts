import { LOG_LEVELS, type LogLevel } from './stile-config';

/** The levels to be shown for a STILE_LOG_LEVEL: itself and all that are graver; what Nest's `logger` option takes. */
export function logLevelsUpTo(level: LogLevel): ('fatal' | LogLevel)[] {
  return ['fatal', ...LOG_LEVELS.slice(0, LOG_LEVELS.indexOf(level) + 1)];
}
