import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ConfigError, readConfig } from '@stile/config';
import { loadMachines, MachineRegistry, StileError, StileRuntime } from '@stile/machine';
import { HealthServer } from './health-server';
import { makeLogger } from './logger';
import { WorkerModule } from './worker.module';

async function main(): Promise<void> {
  const config = readConfig();
  const loaded = loadMachines(config.machines);
  // Before the app: a worker that waits for Redis is alive, and a probe that knows does not start it again.
  let serving = (): boolean => false;
  const health = await HealthServer.start(config, () => serving());
  const app = await NestFactory.createApplicationContext(WorkerModule.forRoot(config, loaded), {
    logger: makeLogger(config),
    abortOnError: false,
  });
  // SIGTERM drains, and the process ends with 0 instead of the signal's own code.
  app.enableShutdownHooks(undefined, { useProcessExit: true });

  const runtime = app.get(StileRuntime);
  serving = () => runtime.serving;
  const definitions = app.get(MachineRegistry).all();
  const served = definitions.filter(({ definition }) => config.queues?.includes(definition.queue) ?? true);
  const names = served.map(({ definition }) => `${definition.name}@${definition.version}`);
  const log = new Logger('Worker');
  if (definitions.length === 0) {
    log.warn('this worker has no machines and publishes none: name files or folders that have some in STILE_MACHINES');
  }
  if (config.chaos) log.warn(`faults are injected, as STILE_CHAOS says: ${JSON.stringify(config.chaos)}`);
  if (health) log.log(`health is told at ${health.url}`);
  log.log(`worker ${process.pid} is ready; it runs ${names.join(', ') || 'nothing'}`);
}

main().catch((error: unknown) => {
  // What the user can mend is told in a sentence; a stack only helps with what only a programmer can.
  const plain = error instanceof ConfigError || error instanceof StileError;
  console.error(plain ? error.message : error);
  process.exit(1);
});
