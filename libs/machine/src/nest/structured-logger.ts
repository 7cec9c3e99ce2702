import type { LoggerService } from '@nestjs/common';
import type { LogLevel } from '../engine/options';
import { isChatter } from './stile-logger';

/** What takes log lines as objects: any logger of pino's shape. */
export interface LogSink {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const METHODS = { debug: 'debug', log: 'info', warn: 'warn', error: 'error' } as const satisfies Record<LogLevel, keyof LogSink>;

/** Nest's logger upon one of structured lines, which the app brings. What Nest says of its start is `debug`. Levels are the sink's affair. */
export class StructuredLogger implements LoggerService {
  constructor(private readonly sink: LogSink) {}

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  log(message: unknown, ...rest: unknown[]): void {
    this.write(isChatter(rest.at(-1)) ? 'debug' : 'log', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  /** Nest gives the context last; of an error the stack comes before it. */
  private write(level: LogLevel, message: unknown, rest: readonly unknown[]): void {
    const context = rest.at(-1);
    const stack = rest.length > 1 && typeof rest[0] === 'string' ? { stack: rest[0] } : {};
    const { text, fields } = split(message);
    this.sink[METHODS[level]]({ ...(typeof context === 'string' ? { context } : {}), ...stack, ...fields }, text);
  }
}

function split(message: unknown): { text: string; fields: object } {
  if (message instanceof Error) return { text: message.message, fields: { stack: message.stack } };
  if (typeof message !== 'object' || message === null) return { text: String(message), fields: {} };
  const { message: text, ...fields } = message as { message?: unknown };
  return { text: typeof text === 'string' ? text : '', fields };
}
