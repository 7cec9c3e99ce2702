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

/** Nest's own logger, with what Nest says of its start moved to `debug`, and colours on a terminal only. */
export class StileLogger extends ConsoleLogger {
  constructor(logLevels: LogLevel[]) {
    // A stream that is no terminal has no `hasColors`; a terminal's knows NO_COLOR.
    const stdout: Partial<typeof process.stdout> = process.stdout;
    super({ logLevels, colors: stdout.hasColors?.() ?? false });
  }

  override log(message: unknown, ...rest: unknown[]): void {
    const context = rest.at(-1);
    if (typeof context === 'string' && CHATTY.has(context)) super.debug(message, ...rest);
    else super.log(message, ...rest);
  }
}
