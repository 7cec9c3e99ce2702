import type { Server } from 'node:http';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { LoggerService } from '@nestjs/common';
import { closeDoors } from './access/mounts';
import { ApiModule } from './api.module';
import type { ApiConfig } from './api-config';
import { Audit } from './audit/audit';
import { recordRefused } from './audit/refused-requests';
import { prepareHttp } from './http/prepare-http';
import { SteadyExpress } from './http/steady-express';
import { setupOpenApi } from './openapi';
import { PageFiles } from './page/page-files';
import { QueuesModule } from './queues/queues.module';

/** Longer than the 60 s that proxies keep their connections, or they send a request into one that is just being closed. */
const KEEP_ALIVE_MS = 65_000;

/**
 * The HTTP API, ready to listen.
 *
 * @throws StoreUnfitError and errors of the connection, when Redis cannot be used; everything is closed again then
 */
export async function createApp(config: ApiConfig, logger?: LoggerService | false): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(ApiModule.register(config), new SteadyExpress(), {
    bodyParser: false,
    abortOnError: false,
    ...(logger === undefined ? {} : { logger }),
  });
  app.use(recordRefused(app.get(Audit)));
  prepareHttp(app, config.limitBody);
  closeDoors(app);
  QueuesModule.prepareBoard(app);
  setupOpenApi(app);
  app.get(PageFiles).serveAssets(app);
  const server: Server = app.getHttpServer();
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  try {
    await app.init();
  } catch (error) {
    await app.close();
    throw error;
  }
  return app;
}
