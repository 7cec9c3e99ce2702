import type { LoggerService } from '@nestjs/common';
import { logLevelsUpTo, type StileConfig } from '@stile/config';
import { StileLogger, StructuredLogger } from '@stile/machine';
import { pino, stdTimeFunctions } from 'pino';

/** Lines for people, or a JSON object each, as STILE_LOG_FORMAT says. Both go to the standard output. */
export function makeLogger({ logFormat, logLevel }: Pick<StileConfig, 'logFormat' | 'logLevel'>): LoggerService {
  if (logFormat === 'text') return new StileLogger(logLevelsUpTo(logLevel));
  const sink = pino({
    level: logLevel === 'log' ? 'info' : logLevel,
    formatters: { level: (level) => ({ level }) }, // pino's numbers are known to pino only
    timestamp: stdTimeFunctions.isoTime,
  });
  return new StructuredLogger(sink);
}
