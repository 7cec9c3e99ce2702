import { Module, type DynamicModule } from '@nestjs/common';
import { MachineModule, RandomFaults, type LoadedMachines } from '@stile/machine';
import { redisDoor, type StileConfig } from '@stile/config';

/** In good order, as for whoever asks it to: its supervisor starts it again. */
function leave(): void {
  process.kill(process.pid, 'SIGTERM');
}

/** A worker: Stile's machine module in worker mode, and the user's providers beside it. */
@Module({})
export class WorkerModule {
  static forRoot(config: StileConfig, { machines, providers, imports, problems }: LoadedMachines): DynamicModule {
    const { leaseUrl, leaseSecondaryUrl, leaseTtlMs, prefix, partitions, retentionMs } = config;
    const { queues, concurrency, shutdownMs, historyContexts, chaos, servePartitions, ackReplicas } = config;
    const { telemetry, logFormat, logSteps, logData, encryptionKeys, encryptionPer, redact } = config;
    const { archiveUrl, archiveStatuses, snapshotUrl, snapshotEveryMs, snapshotKeep } = config;
    const { limitContext, limitEvent, limitInbox, limitChildren, limitDepth, limitHistory, limitMemory } = config;
    return {
      module: WorkerModule,
      imports: [
        ...imports,
        MachineModule.forRoot({
          redis: { ...redisDoor(config), ackReplicas },
          prefix,
          partitions,
          lease: { url: leaseUrl, secondaryUrl: leaseSecondaryUrl, ttlMs: leaseTtlMs },
          retentionMs,
          ...(archiveUrl === undefined ? {} : { archive: { url: archiveUrl, statuses: archiveStatuses } }),
          limits: {
            ...{ contextBytes: limitContext, eventBytes: limitEvent, inbox: limitInbox },
            ...{ children: limitChildren, depth: limitDepth },
          },
          ...{ historyLimit: limitHistory, memoryLimit: limitMemory / 100 },
          machines,
          problems,
          telemetry,
          encryption: encryptionKeys && { keys: encryptionKeys, per: encryptionPer },
          redact,
          logs: { structured: logFormat === 'json', steps: logSteps, data: logData },
          onMoved: leave,
          faults: chaos && new RandomFaults(chaos),
          worker: {
            ...{ queues, partitions: servePartitions, concurrency, shutdownMs, historyContexts },
            ...(snapshotUrl === undefined
              ? {}
              : { snapshots: { url: snapshotUrl, everyMs: snapshotEveryMs, keep: snapshotKeep } }),
          },
        }),
      ],
      providers: [...providers],
    };
  }
}
