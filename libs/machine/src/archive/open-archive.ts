import type { MachineArchive } from '../core/archive';
import type { EngineLog } from '../engine/options';
import { isPostgres } from '../redis/lease-server';
import { JsonLinesArchive } from './jsonl/json-lines-archive';
import { PostgresArchive } from './postgres/postgres-archive';

/** What STILE_ARCHIVE_URL says to do without an archive that there was. */
export const NO_ARCHIVE = 'none';

/**
 * @param url `postgres://…`, or `file:///…` of a folder. Connects to nothing, and makes nothing yet
 * @param deployment tells the machines of several deployments in one database apart
 * @throws TypeError when the URL cannot be used
 */
export function openArchive(url: string, deployment: string, log: EngineLog): MachineArchive {
  if (isPostgres(url)) return new PostgresArchive(url, deployment, log);
  if (/^file:\/\/\//i.test(url)) return new JsonLinesArchive(url);
  throw new TypeError(
    'the URL of the archive cannot be used; give postgres://user:password@host[:port]/database, or file:///folder',
  );
}
