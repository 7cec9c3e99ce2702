import type { Fault } from './config-error';
import type { ConfigWithoutRedis } from './stile-config';

/** A key of a machine's own goes when its record does, so that nothing of the machine is left: an archive could not be read. */
export function archiveFaults({ archiveUrl, encryptionKeys, encryptionPer }: ConfigWithoutRedis): Fault[] {
  if (archiveUrl === undefined || archiveUrl === 'none' || !encryptionKeys || encryptionPer !== 'machine') return [];
  const problem =
    'machines have keys of their own (STILE_ENCRYPTION_PER=machine), which go with them: keys per tenant, or no archive';
  return [{ variable: 'STILE_ARCHIVE_URL', problem }];
}
