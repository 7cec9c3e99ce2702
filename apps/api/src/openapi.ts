import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

/** OpenAPI at /docs as a page, at /docs-json as a document. */
export function setupOpenApi(app: NestExpressApplication): void {
  const config = new DocumentBuilder()
    .setTitle('Stile')
    .setDescription(
      'Durable state machines. Errors are problem details (RFC 9457) with a stable `code`. ' +
        'A machine whose `do` returns nothing waits for events, which are sent to it here. ' +
        'Besides what is listed here: the queue dashboard at /queues.',
    )
    .setVersion('1')
    .build();
  // Made when first asked for: a start of the process need not wait for it.
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, config), {
    jsonDocumentUrl: 'docs-json',
    swaggerOptions: { validatorUrl: null },
  });
}
