import { encryptionKeys } from './encryption-keys';
import { BadValue, duration, integer, list, matching, oneOf, onOff } from './parsers';
import { END_STATUSES } from './stile-config';
import type { EndStatus } from './stile-config';
import { archiveUrl, folderUrl } from './urls';
import { define } from './variable';

/** What is kept of machines, for how long, and who can read it. */
export const keepingVariables = [
  define({
    name: 'STILE_RETENTION',
    field: 'retentionMs',
    default: '7d',
    description: 'How long finished machines are kept, such as 7d, 12h, 30m, 45s, 500ms',
    parse: duration(1, 3650 * 86_400_000, 'from 1ms to 3650d'),
  }),
  define({
    name: 'STILE_ARCHIVE_URL',
    field: 'archiveUrl',
    description:
      'Where finished machines go when their retention ends: postgres:// or file:///folder; `none` does without one that there was',
    parse: archiveUrl,
  }),
  define({
    name: 'STILE_ARCHIVE_STATUSES',
    field: 'archiveStatuses',
    default: 'completed,failed,cancelled',
    description: 'Machines that ended so are archived, others go without',
    parse: endStatuses,
  }),
  define({
    name: 'STILE_SNAPSHOT_URL',
    field: 'snapshotUrl',
    description: 'Folder (file:///folder) of the snapshots that workers take of all machines, for `stile rebuild`',
    parse: folderUrl,
  }),
  define({
    name: 'STILE_SNAPSHOT_EVERY',
    field: 'snapshotEveryMs',
    default: '1h',
    description: 'Time from the beginning of one snapshot to that of the next',
    parse: duration(1000, 30 * 86_400_000, 'from 1s to 30d'),
  }),
  define({
    name: 'STILE_SNAPSHOT_KEEP',
    field: 'snapshotKeep',
    default: '24',
    description: 'Snapshots that are kept, older ones are deleted',
    parse: integer(1, 10_000),
  }),
  define({
    name: 'STILE_HISTORY_CONTEXTS',
    field: 'historyContexts',
    default: 'on',
    description: 'on or off: whether a worker keeps in histories what steps began with, up to 16 KiB each; replay needs it',
    parse: onOff,
  }),
  define({
    name: 'STILE_ENCRYPTION_KEYS',
    field: 'encryptionKeys',
    secret: true,
    hidden: true,
    description:
      'Keys that data is encrypted with, as id:base64 of 32 bytes, separated by commas or line ends: the first one encrypts, all decrypt',
    parse: encryptionKeys,
  }),
  define({
    name: 'STILE_ENCRYPTION_PER',
    field: 'encryptionPer',
    default: 'tenant',
    description: 'tenant or machine: who has a data key of their own, which `stile shred` destroys',
    parse: oneOf('tenant', 'machine'),
  }),
  define({
    name: 'STILE_REDACT',
    field: 'redact',
    default: '',
    description: 'Fields of data that logs, page and API show as [redacted], separated by commas: password, card.number, card.*',
    parse: list(
      matching(/^[^\s.,]+(\.[^\s.,]+){0,19}$/, 'names of fields, as a path with dots such as card.number; * is any one name'),
    ),
  }),
] as const;

function endStatuses(text: string): EndStatus[] {
  const statuses = list(oneOf(...END_STATUSES))(text) as EndStatus[];
  if (statuses.length === 0) throw new BadValue(`name some of ${END_STATUSES.join(', ')}`);
  return statuses;
}
