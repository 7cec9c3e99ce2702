import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { ApiModule } from './api.module';

/** OpenAPI at /docs as a page, at /docs-json as a document. */
export function setupOpenApi(app: NestExpressApplication): void {
  // Made when first asked for: a start of the process need not wait for it.
  SwaggerModule.setup('docs', app, () => documentOf(app), {
    jsonDocumentUrl: 'docs-json',
    swaggerOptions: { validatorUrl: null },
  });
}

/** The same document without a running API: nothing is connected to. The client's types are made from it. */
export async function describeApi(): Promise<OpenAPIObject> {
  const config = { redisUrl: 'redis://unused.invalid', prefix: 'stile', retentionMs: 1, shutdownMs: 1 };
  // In the preview mode Nest reads modules and controllers, and makes none of their providers.
  return documentOf(await NestFactory.create(ApiModule.register(config), { preview: true, logger: false }));
}

function documentOf(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Stile')
    .setDescription(
      'Durable state machines. Errors are problem details (RFC 9457) with a stable `code`. ' +
        'A machine whose `do` returns nothing waits for events, which are sent to it here. ' +
        'Where STILE_AUTH is on, routes answer 401 UNAUTHENTICATED, 403 FORBIDDEN or OUTSIDE_SCOPE to callers that they are not for. ' +
        'Besides what is listed here: the queue dashboard at /queues.',
    )
    .setVersion('1')
    .addBearerAuth({
      type: 'http',
      description: 'An API key or a token, where STILE_AUTH is on; in a browser the cookie of a session',
    })
    .addSecurityRequirements('bearer')
    .build();
  return SwaggerModule.createDocument(app, config);
}
