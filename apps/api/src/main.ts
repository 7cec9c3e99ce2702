import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { logLevelsUpTo, readConfig, type StileConfig } from '@stile/config';
import { StileLogger } from '@stile/machine';
import { createApp } from './app';
import { describeBootError } from './boot-error';

let config: StileConfig | undefined;

async function main(): Promise<void> {
  config = readConfig();
  const app = await createApp(config, new StileLogger(logLevelsUpTo(config.logLevel)));
  // SIGTERM and SIGINT answer what is in hand, and the process ends with 0 instead of the signal's own code.
  app.enableShutdownHooks(undefined, { useProcessExit: true });
  if (config.chaos) console.warn(`faults are injected, as STILE_CHAOS says: ${JSON.stringify(config.chaos)}`);
  await app.listen(config.port, config.host);
  console.log(`Stile API listens on ${urlOf(app.getHttpServer().address() as AddressInfo)}`);
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

main().catch((error: unknown) => {
  console.error(describeBootError(error, config) ?? error);
  process.exit(1);
});
