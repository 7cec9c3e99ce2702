import { LeaseUnavailableError } from '../core/errors';
import type {
  AcquireOptions,
  AcquireResult,
  AdvanceResult,
  LeaseStore,
  RenewResult,
  StepRef,
  Unavailable,
} from '../core/lease-store';
import { checkAcquire, checkFence, checkId, checkStep, checkTtl } from '../core/validate';
import { migrate } from './migrate';
import { codeOf, type PostgresServer } from './postgres-server';

export interface PostgresLeaseStoreOptions {
  /** Names the row of an id's lease. @default `<prefix>:lease:{<id>}` */
  readonly keyOf?: (id: string) => string;
  /** Prefix of the default key. @default 'stile' */
  readonly prefix?: string;
}

/** Schema, table or function is not there: the database is new, or was away when this process began. */
const NOT_MIGRATED = ['3F000', '42P01', '42883'];
/** Two transactions met where the database's default isolation is stricter than read committed; nothing was changed. */
const MET_ANOTHER = ['40001', '40P01'];
const MAX_MEETINGS = 5;

/**
 * Leases in PostgreSQL 13 or newer, one statement per operation, one row per id, in the schema `stile`; made at first use where it is
 * missing.
 *
 * Whatever the server, the connection or the time says that is no answer becomes `unavailable`: refused, reset or silent connections, too
 * many of them, a shutdown, a standby that only reads, a password that is wrong.
 */
export class PostgresLeaseStore implements LeaseStore {
  private readonly keyOf: (id: string) => string;
  private migrating?: Promise<unknown>;

  constructor(
    private readonly server: PostgresServer,
    options: PostgresLeaseStoreOptions = {},
  ) {
    const prefix = options.prefix ?? 'stile';
    this.keyOf = options.keyOf ?? ((id) => `${prefix}:lease:{${id}}`);
  }

  async acquire(id: string, at: StepRef, options: AcquireOptions): Promise<AcquireResult> {
    checkId(id);
    checkStep(at);
    checkAcquire(options);
    const { nonce, ttlMs, floor = 0, jump = false } = options;
    const row = await this.run<Numbers & { outcome: 'granted' | 'held' }>(
      'select * from stile.lease_acquire($1, $2, $3, $4, $5, $6, $7)',
      id,
      [at.steps, at.retries, asText(nonce), ttlMs, floor, jump],
    );
    if ('cause' in row) return row;
    return row.outcome === 'granted'
      ? { outcome: 'granted', fence: Number(row.fence), until: Number(row.until_ms) }
      : {
          outcome: 'held',
          by: { steps: Number(row.steps), retries: Number(row.retries) },
          until: Number(row.until_ms),
          leftMs: Number(row.left_ms),
        };
  }

  async renew(id: string, fence: number, ttlMs: number): Promise<RenewResult> {
    checkId(id);
    checkFence(fence);
    checkTtl(ttlMs);
    const row = await this.run<Numbers>('select stile.lease_renew($1, $2, $3) as until_ms', id, [fence, ttlMs]);
    if ('cause' in row) return row;
    return row.until_ms === null ? { outcome: 'lost' } : { outcome: 'renewed', until: Number(row.until_ms) };
  }

  async advance(id: string, fence: number, from: StepRef, to: StepRef, ttlMs: number): Promise<AdvanceResult> {
    checkId(id);
    checkFence(fence);
    checkStep(from);
    checkStep(to);
    checkTtl(ttlMs);
    const values = [fence, from.steps, from.retries, to.steps, to.retries, ttlMs];
    const row = await this.run<Numbers>('select stile.lease_advance($1, $2, $3, $4, $5, $6, $7) as until_ms', id, values);
    if ('cause' in row) return row;
    if (row.until_ms === null) return { outcome: 'refused' };
    return { outcome: 'granted', fence: fence + 1, until: Number(row.until_ms) };
  }

  async release(id: string, at: StepRef, fence: number): Promise<boolean> {
    checkId(id);
    checkStep(at);
    checkFence(fence);
    const values = [at.steps, at.retries, fence];
    const row = await this.run<{ released: boolean }>('select stile.lease_release($1, $2, $3, $4) as released', id, values);
    if ('cause' in row) throw row.cause;
    return row.released;
  }

  async forget(id: string): Promise<void> {
    checkId(id);
    const row = await this.run('select stile.lease_forget($1)', id, []);
    if ('cause' in row) throw row.cause;
  }

  private async run<T extends object>(text: string, id: string, values: readonly unknown[]): Promise<T | Unavailable> {
    const all = [asText(this.keyOf(id)), ...values];
    try {
      const rows = await this.ask<T>(text, all).catch(async (error: unknown) => {
        if (!NOT_MIGRATED.includes(codeOf(error) ?? '')) throw error;
        await this.migrateOnce();
        return this.ask<T>(text, all);
      });
      return rows[0] as T;
    } catch (error) {
      return { outcome: 'unavailable', cause: new LeaseUnavailableError(id, error) };
    }
  }

  private async ask<T extends object>(text: string, values: readonly unknown[]): Promise<T[]> {
    for (let meetings = 1; ; meetings++) {
      try {
        return await this.server.use((ask) => ask<T>(text, values));
      } catch (error) {
        if (!MET_ANOTHER.includes(codeOf(error) ?? '') || meetings === MAX_MEETINGS) throw error;
      }
    }
  }

  private async migrateOnce(): Promise<void> {
    this.migrating ??= migrate(this.server).finally(() => (this.migrating = undefined));
    await this.migrating;
  }
}

/** PostgreSQL's bigint comes as text: all here stay below 2^53. */
type Numbers = Readonly<Record<'fence' | 'steps' | 'retries' | 'until_ms' | 'left_ms', string | null>>;

/** PostgreSQL's text takes every character but U+0000. Different texts stay different. */
function asText(text: string): string {
  return text.replace(/[\\\0]/g, (character) => (character === '\0' ? '\\0' : '\\\\'));
}
