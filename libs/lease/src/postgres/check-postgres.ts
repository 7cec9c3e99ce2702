import { leaseMigrations, migrate, type MigrationSet } from './migrate';
import { codeOf, type PostgresServer } from './postgres-server';
import { PostgresUnfitError } from './postgres-unfit-error';

const MIGRATION_MS = 30_000;
const MIN_VERSION = 130_000;

/** What a PostgreSQL is to be used for. */
export interface PostgresPurpose {
  /** What is kept there, as messages say it: `leases`. */
  readonly what: string;
  readonly migrations: MigrationSet;
  /** Reads what will be read, as the very user that will. */
  readonly probe: string;
  /** What the user must have been granted, beside USAGE on the schema. */
  readonly rights: string;
}

const LEASES: PostgresPurpose = {
  what: 'leases',
  migrations: leaseMigrations,
  probe: 'select stile.server_identity(), exists (select from stile.lease)',
  rights: 'SELECT on stile.migration, and SELECT, INSERT, UPDATE and DELETE on stile.lease',
};

/** What is no outage: names that do not fit, rights that are not there. */
const HELP: Readonly<Record<string, string>> = {
  '28P01': 'give the right user and password',
  '28000': 'let this user in (pg_hba.conf), or give another',
  '3D000': 'create the database, or name another',
  '42501':
    'grant what is missing: CREATE on the database for the first start, or have its owner apply the migrations; then USAGE on the schema "stile", ',
};

/**
 * Sees that it can be used, and brings the schema up to date.
 *
 * @param purpose @default leases
 * @throws PostgresUnfitError saying what to do
 * @throws Error when it cannot be reached now, or only reads now, as a standby does
 */
export async function checkPostgres(server: PostgresServer, purpose: PostgresPurpose = LEASES): Promise<void> {
  try {
    const [it] = await server.use((ask) => ask<Facts>(FACTS));
    if (!it) throw new Error('it did not say what it is');
    if (it.version < MIN_VERSION) throw new PostgresUnfitError(`is version ${it.shown}: use 13 or newer`);
    if (it.encoding !== 'UTF8') {
      throw new PostgresUnfitError(`has the encoding ${it.encoding}, which cannot hold every id: create the database with UTF8`);
    }
    if (it.standby) throw new Error('it is a standby: promote it, or name the primary');
    if (it.readOnly) throw new Error('it only reads (default_transaction_read_only is on)');
    await migrate(server, MIGRATION_MS, purpose.migrations);
    await server.use((ask) => ask(purpose.probe));
  } catch (error) {
    const help = HELP[codeOf(error) ?? ''];
    if (help === undefined) throw error;
    const more = codeOf(error) === '42501' ? purpose.rights : '';
    throw new PostgresUnfitError(`refuses: ${(error as Error).message}; ${help}${more}`, { cause: error });
  }
}

interface Facts {
  readonly version: number;
  readonly shown: string;
  readonly encoding: string;
  readonly standby: boolean;
  readonly readOnly: boolean;
}

const FACTS = `
  select current_setting('server_version_num')::int as version, current_setting('server_version') as shown,
    current_setting('server_encoding') as encoding, pg_is_in_recovery() as standby,
    current_setting('transaction_read_only') = 'on' as "readOnly"`;
