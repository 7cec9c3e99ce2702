import { ConsoleLogger, type LogLevel } from '@nestjs/common';

/** Nest tells every module and route it finds: of use when something is wrong, else noise. */
const CHATTY = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
  'NestApplicationContext',
]);

/** Whether it is a line of Nest's about its start. @param context who speaks, as Nest's loggers are told */
export function isChatter(context: unknown): boolean {
  return typeof context === 'string' && CHATTY.has(context);
}

/** Nest's own logger, with what Nest says of its start moved to `debug`, and colours on a terminal only. */
export class StileLogger extends ConsoleLogger {
  constructor(logLevels: LogLevel[]) {
    // A stream that is no terminal has no `hasColors`; a terminal's knows NO_COLOR.
    const stdout: Partial<typeof process.stdout> = process.stdout;
    super({ logLevels, colors: stdout.hasColors?.() ?? false });
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (isChatter(rest.at(-1))) super.debug(message, ...rest);
    else super.log(message, ...rest);
  }
}
