import { Module, type DynamicModule } from '@nestjs/common';
import { APP_INTERCEPTOR, HttpAdapterHost } from '@nestjs/core';
import { redisDoor } from '@stile/config';
import { MachineModule, RandomFaults, Shares } from '@stile/machine';
import { OPEN } from './access/access-options';
import { accessProviders } from './access/access.providers';
import { OidcLoginController } from './access/oidc-login.controller';
import { SessionController } from './access/session.controller';
import { limitsOf, type ApiConfig } from './api-config';
import { Audit, AUDIT_SCOPE } from './audit/audit';
import { AuditController } from './audit/audit.controller';
import { AuditInterceptor } from './audit/audit.interceptor';
import { CallbacksController } from './callbacks/callbacks.controller';
import { DefinitionsController } from './definitions/definitions.controller';
import { Drawings } from './definitions/drawings';
import { GraphController } from './definitions/graph.controller';
import { FiguresController } from './definitions/figures.controller';
import { EventsController } from './events/events.controller';
import { HealthController } from './health/health.controller';
import { ReadinessCheck } from './health/readiness';
import { Closing } from './http/closing';
import { HttpDrain } from './http/http-drain';
import { LimitsController } from './limits/limits.controller';
import { ListingController } from './listing/listing.controller';
import { Tallies } from './listing/tallies';
import { BulkStarter } from './machines/bulk-starter';
import { CallerStarts } from './machines/caller-starts';
import { EndWaiter } from './machines/end-waiter';
import { ExplainController } from './machines/explain.controller';
import { MachineController } from './machines/machine.controller';
import { MachinesController } from './machines/machines.controller';
import { ReplayController } from './machines/replay.controller';
import { MetricsController } from './metrics/metrics.controller';
import { StileMetrics } from './metrics/stile-metrics';
import { RedactInterceptor } from './redaction/redact.interceptor';
import { Redaction } from './redaction/redaction';
import { OperationsController } from './operations/operations.controller';
import { RedriveController } from './operations/redrive.controller';
import { PageController } from './page/page.controller';
import { PageFiles } from './page/page-files';
import { QueuesModule } from './queues/queues.module';
import { SchedulesController } from './schedules/schedules.controller';
import { ContextController } from './steering/context.controller';
import { HoldsController } from './steering/holds.controller';
import { SteeringController } from './steering/steering.controller';
import { StreamController } from './streams/stream.controller';
import { StreamLimits } from './streams/stream-limits';
import { Streams } from './streams/streams';
import { IntervalTicker, Ticker } from './streams/ticker';
import { WorkersController } from './workers/workers.controller';

/** Starts, steers and shows machines; runs none. */
@Module({})
export class ApiModule {
  static register(config: ApiConfig): DynamicModule {
    const { ackReplicas, prefix, partitions, retentionMs, shutdownMs, chaos, telemetry, logFormat, logData } = config;
    const { onMoved } = config;
    const { access = OPEN, archiveUrl, auditEntries, encryptionKeys, encryptionPer, redact } = config;
    return {
      module: ApiModule,
      imports: [
        MachineModule.forRoot({
          redis: { ...redisDoor(config), ackReplicas },
          ...{ prefix, partitions, retentionMs, auditEntries },
          ...(archiveUrl === undefined ? {} : { archive: { url: archiveUrl } }),
          ...limitsOf(config),
          onMoved,
          faults: chaos && new RandomFaults(chaos),
          telemetry,
          encryption: encryptionKeys && { keys: encryptionKeys, per: encryptionPer },
          redact,
          logs: { structured: logFormat === 'json', data: logData },
          worker: false,
        }),
        QueuesModule,
      ],
      controllers: [
        MachinesController,
        ListingController,
        MachineController,
        ExplainController,
        ReplayController,
        StreamController,
        EventsController,
        CallbacksController,
        SteeringController,
        ContextController,
        HoldsController,
        LimitsController,
        SchedulesController,
        OperationsController,
        RedriveController,
        DefinitionsController,
        WorkersController,
        GraphController,
        FiguresController,
        HealthController,
        MetricsController,
        PageController,
        AuditController,
        SessionController,
        OidcLoginController,
      ],
      providers: [
        ...accessProviders(access),
        Audit,
        { provide: AUDIT_SCOPE, useValue: config.audit ?? 'operators' },
        { provide: APP_INTERCEPTOR, useClass: AuditInterceptor },
        BulkStarter,
        { provide: Redaction, useFactory: () => new Redaction(redact) },
        { provide: APP_INTERCEPTOR, useClass: RedactInterceptor },
        { provide: CallerStarts, useFactory: (shares: Shares) => new CallerStarts(shares, config.limitStarts), inject: [Shares] },
        { provide: StreamLimits, useFactory: () => new StreamLimits(config.limitStreams, config.limitCallerStreams) },
        Drawings,
        EndWaiter,
        Streams,
        Tallies,
        { provide: Ticker, useFactory: () => new IntervalTicker() },
        Closing,
        ReadinessCheck,
        StileMetrics,
        { provide: PageFiles, useFactory: () => new PageFiles() },
        {
          provide: HttpDrain,
          useFactory: (host: HttpAdapterHost) => new HttpDrain(host, shutdownMs),
          inject: [HttpAdapterHost],
        },
      ],
    };
  }
}
