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

export function nestLog(): EngineLog {
  return new Logger('Stile');
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
