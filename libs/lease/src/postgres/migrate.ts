import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Ask, PostgresServer } from './postgres-server';

/** Where the migrations are; the same files serve sources and build. */
export const migrationFolder = join(__dirname, '..', '..', 'src', 'postgres', 'migrations');

export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/**
 * Reads every `<version>-<name>.sql` of a folder, in order.
 *
 * @throws Error naming the file unless versions are 001, 002 …
 */
export function loadMigrations(folder: string): Migration[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql'));
  return files.sort().map((file, index) => {
    const [, version, name] = /^(\d{3})-([a-z-]+)\.sql$/.exec(file) ?? [];
    if (Number(version) !== index + 1 || name === undefined) {
      throw new Error(`migration ${join(folder, file)}: name it ${String(index + 1).padStart(3, '0')}-<name>.sql`);
    }
    return { version: index + 1, name, sql: readFileSync(join(folder, file), 'utf8') };
  });
}

/** Migrations that are counted by themselves. */
export interface MigrationSet {
  /** Where it is kept which of them were applied, in the schema `stile`: a name of letters and `_`. */
  readonly table: string;
  readonly all: readonly Migration[];
}

export const leaseMigrations: MigrationSet = { table: 'migration', all: loadMigrations(migrationFolder) };
/** Any number, so long as all of Stile uses this one: "STILE" in ASCII. */
const LOCK = 0x53_54_49_4c_45;

/**
 * Brings the schema `stile` of the database up to date, in one transaction: a process that dies in it has done nothing. Of several at
 * once, one does the work and the others wait for it. Versions newer than this process knows are left as they are.
 *
 * @param set @default those of leases
 * @returns names of what was applied, none when it was all there: then nothing was locked, and no rights but to read were needed
 */
export async function migrate(
  server: PostgresServer,
  timeoutMs?: number,
  set: MigrationSet = leaseMigrations,
): Promise<string[]> {
  return server.use(async (ask) => {
    if ((await missing(ask, set)).length === 0) return [];
    await ask('begin isolation level read committed'); // whoever waited for the lock sees what its holder did
    await ask('select pg_advisory_xact_lock($1)', [LOCK]);
    const toDo = await missing(ask, set); // another may have been faster
    for (const { version, name, sql } of toDo) {
      if (version === 1) await makeRoom(ask, set);
      await ask(sql);
      await ask(`insert into stile.${set.table} (version, name) values ($1, $2)`, [version, name]);
    }
    await ask('commit'); // when this reply is lost, the next to ask finds it done, or undone
    return toDo.map(({ name }) => name);
  }, timeoutMs);
}

async function missing(ask: Ask, { table, all }: MigrationSet): Promise<readonly Migration[]> {
  // Not to_regclass: it may answer from a cache what was so before the lock was waited for.
  const found = await ask(
    `select from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'stile' and c.relname = $1`,
    [table],
  );
  if (found.length === 0) return all;
  const applied = await ask<{ version: number }>(`select version from stile.${table}`);
  return all.filter(({ version }) => !applied.some((row) => row.version === version));
}

/** Asked first, as `create schema if not exists` wants the right to create one even where there is nothing to create. */
async function makeRoom(ask: Ask, { table }: MigrationSet): Promise<void> {
  const schemas = await ask(`select from pg_namespace where nspname = 'stile'`);
  if (schemas.length === 0) await ask('create schema stile');
  await ask(`create table stile.${table} (
    version integer primary key, name text not null, applied_at timestamptz not null default clock_timestamp()
  )`);
}
