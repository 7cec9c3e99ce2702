import type { DoorConfig, StileConfig } from '@stile/config';
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
    >
  > &
  Omit<DoorConfig, 'redisUrl'> & {
    /** @default open to everybody, as on loopback */
    readonly access?: AccessOptions;
  };
