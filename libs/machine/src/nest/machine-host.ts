import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { formatProblem } from '../core/errors';
import type { EngineLog } from '../engine/options';
import { StileRuntime } from '../runtime';
import { MachineExplorer } from './explorer';
import { MachineRegistry } from './registry';

/** @param structured fields are given to the app's logger as an object, `{ message, … }`, which a logger of JSON lines wants. @default false */
export function nestLog(structured = false): EngineLog {
  const logger = new Logger('Stile');
  if (!structured) return logger;
  return {
    debug: (message) => logger.debug(message),
    log: (message) => logger.log(message),
    warn: (message) => logger.warn(message),
    error: (message) => logger.error(message),
    entry: (level, message, fields) => logger[level]({ ...fields, message }),
  };
}

/**
 * Ties the runtime to the application's life. Steps in hand end in the first shutdown hook there is, while what they use is still
 * open; connections are closed in the last one, after the HTTP server has answered what it took.
 */
@Injectable()
export class MachineHost implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private readonly log = nestLog();

  constructor(
    private readonly runtime: StileRuntime,
    private readonly explorer: MachineExplorer,
    private readonly registry: MachineRegistry,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    try {
      this.explorer.explore();
      for (const warning of this.registry.bind()) this.log.warn(formatProblem(warning));
      await this.runtime.start(this.registry);
    } catch (error) {
      await this.runtime.stop(); // an open connection would keep the process alive
      throw error;
    }
  }

  onModuleDestroy(): Promise<void> {
    return this.runtime.drain();
  }

  onApplicationShutdown(): Promise<void> {
    return this.runtime.stop();
  }
}
