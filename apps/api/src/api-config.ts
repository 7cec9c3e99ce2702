import type { DoorConfig, StileConfig } from '@stile/config';

/** What of the configuration concerns the API. */
export type ApiConfig = Pick<StileConfig, 'redisUrl' | 'prefix' | 'retentionMs' | 'shutdownMs'> &
  Partial<Pick<StileConfig, 'partitions' | 'ackReplicas' | 'chaos' | 'logFormat' | 'logData' | 'telemetry' | 'audit' | 'auditEntries'>> &
  Omit<DoorConfig, 'redisUrl'>;
