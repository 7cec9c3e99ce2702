import type { DoorConfig, StileConfig } from '@stile/config';
import type { StileOptions } from '@stile/machine';
import type { AccessOptions } from './access/access-options';

/** What of the configuration concerns the API. */
export type ApiConfig = Pick<StileConfig, 'redisUrl' | 'prefix' | 'retentionMs' | 'shutdownMs'> &
  Partial<
    Pick<
      StileConfig,
      | 'partitions'
      | 'ackReplicas'
      | 'chaos'
      | 'logFormat'
      | 'logData'
      | 'telemetry'
      | 'audit'
      | 'auditEntries'
      | 'archiveUrl'
      | 'encryptionKeys'
      | 'encryptionPer'
      | 'redact'
      | Extract<keyof StileConfig, `limit${string}`>
    >
  > &
  Omit<DoorConfig, 'redisUrl'> & {
    /** @default open to everybody, as on loopback */
    readonly access?: AccessOptions;
    /** Told once when machines are moved to another number of partitions. @default the runtime stops, and the app with it answers 503 */
    readonly onMoved?: () => void;
  };

/** What the machines' module is told of limits; what is not said is as by default. */
export function limitsOf(config: ApiConfig): Pick<StileOptions, 'limits' | 'historyLimit' | 'memoryLimit'> {
  const { limitContext, limitEvent, limitInbox, limitChildren, limitDepth, limitHistory, limitMemory } = config;
  const limits = {
    contextBytes: limitContext,
    eventBytes: limitEvent,
    inbox: limitInbox,
    children: limitChildren,
    depth: limitDepth,
  };
  return {
    limits: Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined)),
    ...(limitHistory === undefined ? {} : { historyLimit: limitHistory }),
    ...(limitMemory === undefined ? {} : { memoryLimit: limitMemory / 100 }),
  };
}
