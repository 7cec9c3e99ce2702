import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { accessFaults, ConfigError, isLoopback, readConfig, type StileConfig } from '@stile/config';
import { accessOptionsOf } from './access/access-options';
import { createApp } from './app';
import { describeBootError } from './boot-error';
import { makeLogger } from './logger';

let config: StileConfig | undefined;

async function main(): Promise<void> {
  config = readConfig();
  const logger = makeLogger(config);
  const faults = accessFaults(config);
  if (faults.length > 0) throw new ConfigError(faults);
  const app = await createApp({ ...config, access: accessOptionsOf(config), onMoved: leave }, logger);
  // SIGTERM and SIGINT answer what is in hand, and the process ends with 0 instead of the signal's own code.
  app.enableShutdownHooks(undefined, { useProcessExit: true });
  if (config.chaos) console.warn(`faults are injected, as STILE_CHAOS says: ${JSON.stringify(config.chaos)}`);
  if (!config.auth) warnOfOpenDoor(config);
  await app.listen(config.port, config.host);
  const told = `Stile API listens on ${urlOf(app.getHttpServer().address() as AddressInfo)}`;
  if (config.logFormat === 'json') logger.log(told, 'Api');
  else console.log(told);
}

/** In good order, as for whoever asks it to: its supervisor starts it again. */
function leave(): void {
  process.kill(process.pid, 'SIGTERM');
}

function warnOfOpenDoor({ host }: StileConfig): void {
  if (isLoopback(host)) return; // of this machine's users only; `stile up` says so
  console.warn(`nobody is asked who they are, as STILE_INSECURE_OPEN says: whoever reaches ${host} may do everything`);
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

main().catch((error: unknown) => {
  console.error(describeBootError(error, config) ?? error);
  process.exit(1);
});
