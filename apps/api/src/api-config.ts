import type { StileConfig } from '@stile/config';

/** What of the configuration concerns the API. */
export type ApiConfig = Pick<StileConfig, 'redisUrl' | 'prefix' | 'retentionMs' | 'shutdownMs'> &
  Partial<
    Pick<
      StileConfig,
      'partitions' | 'chaos' | 'logFormat' | 'logData' | 'telemetry' | 'encryptionKeys' | 'encryptionPer' | 'redact'
    >
  >;
