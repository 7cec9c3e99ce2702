import { Module, type DynamicModule } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { MachineModule } from '@stile/machine';
import type { ApiConfig } from './api-config';
import { DefinitionsController } from './definitions/definitions.controller';
import { HealthController } from './health/health.controller';
import { ReadinessCheck } from './health/readiness';
import { HttpDrain } from './http/http-drain';
import { BulkStarter } from './machines/bulk-starter';
import { MachinesController } from './machines/machines.controller';
import { MetricsController } from './metrics/metrics.controller';
import { StileMetrics } from './metrics/stile-metrics';
import { QueuesModule } from './queues/queues.module';

/** Starts and shows machines; runs none. */
@Module({})
export class ApiModule {
  static register({ redisUrl, prefix, partitions, retentionMs, shutdownMs }: ApiConfig): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        MachineModule.forRoot({ redis: { url: redisUrl }, prefix, partitions, retentionMs, worker: false }),
        QueuesModule,
      ],
      controllers: [MachinesController, DefinitionsController, HealthController, MetricsController],
      providers: [
        BulkStarter,
        ReadinessCheck,
        StileMetrics,
        {
          provide: HttpDrain,
          useFactory: (host: HttpAdapterHost) => new HttpDrain(host, shutdownMs),
          inject: [HttpAdapterHost],
        },
      ],
    };
  }
}
