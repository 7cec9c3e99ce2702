import { Module, type DynamicModule } from '@nestjs/common';
import { MachineModule, RandomFaults, type LoadedMachines } from '@stile/machine';
import type { StileConfig } from '@stile/config';

/** A worker: Stile's machine module in worker mode, and the user's providers beside it. */
@Module({})
export class WorkerModule {
  static forRoot(config: StileConfig, { machines, providers, imports, problems }: LoadedMachines): DynamicModule {
    const { redisUrl, leaseUrl, leaseSecondaryUrl, leaseTtlMs, prefix, partitions, retentionMs } = config;
    const { queues, concurrency, shutdownMs, historyContexts, chaos } = config;
    const { telemetry, logFormat, logSteps, logData, encryptionKeys, encryptionPer, redact } = config;
    return {
      module: WorkerModule,
      imports: [
        ...imports,
        MachineModule.forRoot({
          redis: { url: redisUrl },
          prefix,
          partitions,
          lease: { url: leaseUrl, secondaryUrl: leaseSecondaryUrl, ttlMs: leaseTtlMs },
          retentionMs,
          machines,
          problems,
          telemetry,
          encryption: encryptionKeys && { keys: encryptionKeys, per: encryptionPer },
          redact,
          logs: { structured: logFormat === 'json', steps: logSteps, data: logData },
          faults: chaos && new RandomFaults(chaos),
          worker: { queues, concurrency, shutdownMs, historyContexts },
        }),
      ],
      providers: [...providers],
    };
  }
}
