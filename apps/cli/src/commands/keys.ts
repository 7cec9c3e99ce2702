import { readConfig, redisDoor } from '@stile/config';
import type { ApiKeyGrant, ApiKeyView, Json, StileRuntime } from '@stile/machine';
import { Option, type Command } from 'commander';
import { auditedCommand } from '../audited-command';
import { EXIT } from '../exit-codes';
import { until } from '../input/arguments';
import { table, type Column } from '../output/table';
import { PlainError } from '../plain-error';
import { redisAway } from '../redis-away';
import { offlineOutput, withJson, type JsonOptions } from '../session';

/** As the library has them, which is loaded only where a command needs it. */
const ROLES = ['viewer', 'starter', 'operator', 'admin'] as const;

interface CreateOptions extends JsonOptions {
  readonly name: string;
  readonly role: (typeof ROLES)[number];
  readonly tenant?: string;
  readonly definition?: readonly string[];
  readonly expires?: string;
}

const COLUMNS: readonly Column<ApiKeyView>[] = [
  { title: 'key', value: ({ prefix }) => prefix },
  { title: 'name', value: ({ name }) => name },
  { title: 'role', value: ({ role }) => role },
  { title: 'tenant', value: ({ tenant }) => tenant },
  { title: 'definitions', value: ({ definitions }) => definitions?.join(' ') },
  { title: 'created', value: ({ createdAt }) => createdAt },
  { title: 'last used', value: ({ lastUsedAt }) => lastUsedAt ?? 'never' },
  {
    title: 'expires',
    value: ({ expiresAt }) => expiresAt,
    colour: ({ expiresAt }) => (expiresAt !== undefined && Date.parse(expiresAt) <= Date.now() ? 'red' : undefined),
  },
];

/** Keys are made in Redis itself: the first one must come from somewhere, and who reaches Redis can do everything anyway. */
export function addKeys(program: Command): void {
  const keys = program.command('keys').description('API keys: made, listed and revoked in the Redis of STILE_REDIS_URL');
  withJson(keys.command('create'))
    .description('a new key, which is shown once')
    .requiredOption('--name <text>', 'what it is for')
    .addOption(new Option('--role <role>', 'what it may do').choices(ROLES).makeOptionMandatory())
    .option('--tenant <name>', 'machines of this tenant only')
    .option('--definition <name>', 'machines of this definition only; may come several times', append)
    .addOption(new Option('--expires <when>', 'a time, or how far away it is: 90d').argParser(until))
    .action(async ({ json, definition: definitions, expires: expiresAt, ...rest }: CreateOptions) => {
      const out = offlineOutput({ json });
      const grant = { ...rest, definitions, expiresAt };
      const { text, view } = await withKeys(({ apiKeys, audit }) =>
        auditedCommand(
          audit,
          { act: 'create key', on: `key "${grant.name}"`, details: detailsOf(grant) },
          () => apiKeys.create(grant, Date.now()),
          ({ view: { prefix } }) => ({ key: prefix }),
        ),
      );
      out.result({ key: text, ...view }, () => text);
      out.note('it is kept nowhere else: put it away now; "stile" takes it from STILE_API_KEY');
    });
  withJson(keys.command('list'))
    .description('all keys, the oldest first; never their secrets')
    .action(async (options: JsonOptions) => {
      const out = offlineOutput(options);
      const items = await withKeys(({ apiKeys }) => apiKeys.list());
      out.result({ items }, (paint) => (items.length === 0 ? 'there are no keys' : table(items, COLUMNS, paint)));
    });
  withJson(keys.command('revoke'))
    .description('refuse a key from now on: within 2 seconds, everywhere')
    .argument('<key>', 'what it begins with, as "stile keys list" shows it')
    .action(async (key: string, options: JsonOptions) => {
      const out = offlineOutput(options);
      const id = idOf(key);
      const revoke = async (runtime: StileRuntime): Promise<void> => {
        if (await runtime.apiKeys.revoke(id)) return;
        throw new PlainError(`there is no key stile_${id}; "stile keys list" shows those there are`, EXIT.notFound);
      };
      await withKeys((runtime) =>
        auditedCommand(runtime.audit, { act: 'revoke key', on: `key stile_${id}` }, () => revoke(runtime)),
      );
      out.result({ revoked: `stile_${id}` }, () => `stile_${id} is refused from now on`);
    });
}

/** @throws PlainError */
async function withKeys<T>(act: (runtime: StileRuntime) => Promise<T>): Promise<T> {
  const config = readConfig(undefined, { redis: 'optional' });
  const { redisUrl, prefix, partitions, auditEntries } = config;
  if (!redisUrl) {
    throw new PlainError(
      'keys are kept in Redis: set STILE_REDIS_URL to that of the API; "stile up" prints that of its own',
      EXIT.usage,
    );
  }
  const { InvalidApiKeyError, StileRuntime, StoreUnavailableError } = await import('@stile/machine'); // only now: see read-machines.ts
  const silent = { debug() {}, log() {}, warn() {}, error() {} };
  const redis = redisDoor({ ...config, redisUrl });
  const runtime = new StileRuntime({ redis, prefix, partitions, auditEntries, worker: false }, silent);
  try {
    return await act(runtime);
  } catch (error) {
    if (error instanceof InvalidApiKeyError) throw new PlainError(error.message, EXIT.usage);
    if (error instanceof StoreUnavailableError) throw redisAway(error, redisUrl);
    throw error;
  } finally {
    await runtime.stop();
  }
}

/** What was asked for, without what was left out. */
function detailsOf({ role, tenant, definitions, expiresAt }: ApiKeyGrant): { readonly [field: string]: Json } {
  return {
    role,
    ...(tenant === undefined ? {} : { tenant }),
    ...(definitions === undefined ? {} : { definitions: [...definitions] }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

/** Also of a whole key, which somebody has at hand: its secret is not said again. */
function idOf(key: string): string {
  const id = /^(?:stile_)?([a-z2-7]{12})(?:_.*)?$/.exec(key.trim())?.[1];
  if (id !== undefined) return id;
  throw new PlainError(
    'this is not what a key begins with; give stile_ and 12 characters, as "stile keys list" shows it',
    EXIT.usage,
  );
}

function append(name: string, before: readonly string[] = []): readonly string[] {
  return [...before, name];
}
