import { join } from 'node:path';
import { checkPostgres, loadMigrations, PostgresServer, PostgresUnfitError, type PostgresPurpose } from '@stile/lease';
import type { ArchiveEntry, ArchiveQuery, ArchiveSummary, MachineArchive, RecordFields } from '../../core/archive';
import { StoreUnfitError } from '../../core/errors';
import { readPlace } from '../../core/place';
import type { EngineLog } from '../../engine/options';
import { SUMMARY_FIELDS } from '../../redis/listing/summary';
import { listSql, tagText } from './list-sql';

/** A write may be of some megabytes; whoever reads does not wait as long. */
const WRITE_MS = 20_000;
const READ_MS = 5000;
const CONNECTIONS = 4;

const PURPOSE: PostgresPurpose = {
  what: 'machines',
  migrations: {
    table: 'archive_migration',
    all: loadMigrations(join(__dirname, '..', '..', '..', 'src', 'archive', 'postgres', 'migrations')),
  },
  probe: 'select exists (select from stile.machine_archive)',
  rights: 'SELECT on stile.archive_migration, and SELECT, INSERT and UPDATE on stile.machine_archive',
};

/** Neither table nor schema. */
const NO_TABLE = new Set(['42P01', '3F000']);

const COLUMNS = [
  ...['deployment', 'correlation_id', 'run_id', 'machine', 'version', 'status', 'state', 'failure', 'tags', 'created_ms'],
  ...['archived_ms', 'summary', 'content'],
];

/** One row per run in the table `stile.machine_archive`, found by indexes. Needs the package `pg`, loaded when it is first asked. */
export class PostgresArchive implements MachineArchive {
  readonly name: string;
  private readonly postgres: PostgresServer;
  /** The table was seen. */
  private ready = false;

  /** @throws TypeError that does not show the URL, which may carry a password */
  constructor(
    url: string,
    private readonly deployment: string,
    log: EngineLog,
  ) {
    const onError = (error: Error): void => log.warn(`${this.name}: ${error.message}`);
    this.postgres = new PostgresServer(url, { timeoutMs: READ_MS, maxConnections: CONNECTIONS, onError });
    this.name = `the archive at ${this.postgres.address} (STILE_ARCHIVE_URL)`;
  }

  async check(): Promise<void> {
    try {
      await checkPostgres(this.postgres, PURPOSE);
      this.ready = true;
    } catch (error) {
      throw error instanceof PostgresUnfitError ? new StoreUnfitError(`${this.name} ${error.message}`) : error;
    }
  }

  /**
   * One transaction: a process that dies in it has written nothing, and a lost answer has all of it written again, onto the same rows.
   * With `synchronous_commit = off` a crash of the server would lose machines that are dropped right after: it is raised.
   */
  async write(entries: readonly ArchiveEntry[]): Promise<void> {
    if (entries.length === 0) return;
    if (!this.ready) await this.check(); // it was away when the worker started
    const values = entries.flatMap((entry) => this.rowOf(entry));
    const rows = entries.map((_, i) => `(${COLUMNS.map((_column, j) => `$${i * COLUMNS.length + j + 1}`).join(', ')})`);
    const replaced = COLUMNS.slice(3).map((column) => `${column} = excluded.${column}`);
    await this.postgres.use(async (ask) => {
      await ask('begin');
      await ask(`select set_config('synchronous_commit', 'local', true) where current_setting('synchronous_commit') = 'off'`);
      await ask(
        `insert into stile.machine_archive as kept (${COLUMNS.join(', ')}) values ${rows.join(', ')}
          on conflict (deployment, correlation_id, run_id) do update set ${replaced.join(', ')}
          where excluded.archived_ms >= kept.archived_ms`,
        values,
      );
      await ask('commit');
    }, WRITE_MS);
  }

  async read(id: string): Promise<ArchiveEntry | undefined> {
    const [row] = await this.ask<{ content: string }>(
      'select content from stile.machine_archive where deployment = $1 and correlation_id = $2 order by created_ms desc limit 1',
      [this.deployment, id],
    );
    return row && { ...(JSON.parse(row.content) as Omit<ArchiveEntry, 'correlationId'>), correlationId: id };
  }

  async list(query: ArchiveQuery): Promise<readonly ArchiveSummary[]> {
    const { text, values } = listSql(this.deployment, query);
    const rows = await this.ask<{ correlation_id: string; summary: string }>(text, values);
    return rows.map(({ correlation_id: correlationId, summary }) => ({
      correlationId,
      record: JSON.parse(summary) as RecordFields,
    }));
  }

  close(): Promise<void> {
    return this.postgres.close();
  }

  /** Nothing where no worker has made the table yet. */
  private async ask<T extends object>(text: string, values: readonly unknown[]): Promise<T[]> {
    try {
      return await this.postgres.use((ask) => ask<T>(text, values));
    } catch (error) {
      if (NO_TABLE.has((error as { code?: string }).code ?? '')) return [];
      throw error;
    }
  }

  /** In the order of the columns. */
  private rowOf({ correlationId, record, history, children, archivedAt }: ArchiveEntry): unknown[] {
    const { run = '', machine = '', version, status = '', state = '', created } = record;
    const shown = Object.fromEntries(
      SUMMARY_FIELDS.flatMap((field) => (record[field] === undefined ? [] : [[field, record[field]]])),
    );
    const group = status === 'failed' ? (readPlace(record.place ?? '')?.group ?? null) : null;
    return [
      ...[
        this.deployment,
        correlationId,
        run,
        machine,
        whole(version),
        status,
        state,
        group,
        tagsOf(record.tags),
        whole(created),
      ],
      ...[archivedAt, JSON.stringify(shown), JSON.stringify({ record, history, children, archivedAt })],
    ];
  }
}

/** A record that somebody has written into by hand is archived all the same, as far as it can be found. */
function tagsOf(text: string | undefined): string[] {
  try {
    const tags = JSON.parse(text ?? '{}') as Record<string, string>;
    return Object.entries(tags).map(([key, value]) => tagText(key, value));
  } catch {
    return [];
  }
}

function whole(text: string | undefined): number {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : 0;
}
