import { readConfig, redisDoor } from '@stile/config';
import type { AuditLog, KeyCare } from '@stile/machine';
import type { Command } from 'commander';
import { auditedCommand } from '../audited-command';
import { EXIT } from '../exit-codes';
import { PlainError } from '../plain-error';
import { isAway, redisAway } from '../redis-away';
import { offlineOutput, withJson, type JsonOptions } from '../session';

const silent = { debug() {}, log() {}, warn() {}, error() {} };
/** Stands for the machines of no tenant: no tenant has this name. */
const NO_TENANT = '.';

/** Keys of the encryption. They are in Redis, and are reached there: STILE_REDIS_URL. */
export function addDataKeys(program: Command): void {
  withJson(program.command('shred'))
    .description('destroy the key of a tenant, or of a machine: nobody can read their data any more, not even from this Redis')
    .argument('<what>', `a tenant; the id of a machine, which has a dot; "${NO_TENANT}" for all machines of no tenant`)
    .option('--machine', 'it is the id of a machine, though it has no dot')
    .option('--yes', 'do it: it cannot be taken back')
    .action(shred);
  withJson(program.command('rewrap'))
    .description('wrap all data keys with the first key of STILE_ENCRYPTION_KEYS: the others may go then')
    .action(rewrap);
}

async function shred(
  what: string,
  { machine, yes, ...options }: JsonOptions & { machine?: boolean; yes?: boolean },
): Promise<void> {
  const isMachine = machine ?? (what !== NO_TENANT && what.includes('.'));
  const named = isMachine ? `machine ${what}` : what === NO_TENANT ? 'the machines of no tenant' : `tenant ${what}`;
  if (!yes) throw new PlainError(`this would destroy the data of ${named} for good: --yes does it`, EXIT.usage);
  const out = offlineOutput(options);
  const destroy = async (care: KeyCare): Promise<'shredded' | 'before'> => {
    const outcome = await care.shred(isMachine ? { machine: what } : { tenant: what === NO_TENANT ? '' : what });
    if (outcome !== 'none') return outcome;
    const why = isMachine ? " of its own: it is sealed with its tenant's, unless STILE_ENCRYPTION_PER is machine" : '';
    throw new PlainError(`${named} has no key${why}; nothing was done`, EXIT.notFound);
  };
  const outcome = await withKeys((care, log) =>
    auditedCommand(
      log,
      { act: 'shred', on: named },
      () => destroy(care),
      (told) => ({ outcome: told }),
    ),
  );
  out.result({ what, outcome }, () =>
    outcome === 'before'
      ? `the key of ${named} was destroyed before`
      : `the key of ${named} is destroyed; processes forget it within 30 s. Copies of this Redis made before still have it, wrapped: see the guide`,
  );
}

async function rewrap(options: JsonOptions): Promise<void> {
  const out = offlineOutput(options);
  const done = await withKeys((care, log) =>
    auditedCommand(
      log,
      { act: 'rewrap', on: 'all data keys' },
      () => care.rewrap(),
      ({ rewrapped, current, locked }) => ({ rewrapped, current, locked: locked.length }),
    ),
  );
  out.result(done, () => {
    const { rewrapped, current, locked } = done;
    const missing = locked.map(({ tenant, keyId }) => `${tenant || 'no tenant'} (key "${keyId}")`).join(', ');
    return `${rewrapped} data keys wrapped anew, ${current} were already${missing === '' ? '' : `; not opened: ${missing}`}`;
  });
  if (done.locked.length > 0) process.exitCode = EXIT.failed;
}

async function withKeys<T>(act: (care: KeyCare, log: AuditLog) => Promise<T>): Promise<T> {
  const config = readConfig();
  const { prefix, partitions, encryptionKeys, auditEntries } = config;
  const { StileError, StileRuntime, StoreUnavailableError } = await import('@stile/machine'); // only now: see read-machines.ts
  const encryption = encryptionKeys && { keys: encryptionKeys };
  const options = { redis: redisDoor(config), prefix, partitions, encryption, auditEntries, worker: false } as const;
  const runtime = new StileRuntime(options, silent);
  try {
    return await act(await runtime.keyCare(), runtime.audit);
  } catch (error) {
    if (error instanceof RangeError) throw new PlainError(`${error.message}: set STILE_ENCRYPTION_KEYS`, EXIT.usage);
    if (error instanceof StoreUnavailableError || isAway(error)) throw redisAway(error, config.redisUrl);
    if (error instanceof StileError) throw new PlainError(error.message, EXIT.unavailable);
    throw error;
  } finally {
    await runtime.stop();
  }
}
