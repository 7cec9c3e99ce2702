import { ConsoleLogger, type LogLevel } from '@nestjs/common';

/** Nest tells every module and route it finds: of use when something is wrong, else noise. */
const CHATTY = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication']);

/** Nest's own logger, with what Nest says of its start moved to `debug`. */
export class ApiLogger extends ConsoleLogger {
  constructor(logLevels: LogLevel[]) {
    super({ logLevels });
  }

  override log(message: unknown, ...rest: unknown[]): void {
    const context = rest.at(-1);
    if (typeof context === 'string' && CHATTY.has(context)) super.debug(message, ...rest);
    else super.log(message, ...rest);
  }
}
