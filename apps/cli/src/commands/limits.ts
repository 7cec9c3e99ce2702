import type { LimitsTarget, LimitsView } from '@stile/client';
import { Argument, InvalidArgumentError, type Command } from 'commander';
import { EXIT } from '../exit-codes';
import { PlainError } from '../plain-error';
import { table, type Column } from '../output/table';
import { age } from '../output/time';
import { online, open, type OnlineOptions } from '../session';

interface LimitsOptions extends OnlineOptions {
  readonly concurrency?: number;
  readonly perSecond?: number;
  readonly burst?: number;
  readonly startsPerSecond?: number;
  readonly weight?: number;
  readonly by?: string;
  readonly why?: string;
}

const COLUMNS: readonly Column<LimitsView>[] = [
  { title: 'of', value: ({ name }) => name },
  { title: 'concurrency', value: ({ concurrency }) => concurrency },
  {
    title: 'in use',
    value: ({ inUse }) => inUse,
    colour: ({ inUse, concurrency }) => (inUse === concurrency ? 'yellow' : undefined),
  },
  { title: 'waiting', value: ({ waiting }) => waiting },
  { title: 'per s', value: ({ perSecond }) => perSecond },
  { title: 'burst', value: ({ burst }) => burst },
  { title: 'starts/s', value: ({ startsPerSecond }) => startsPerSecond },
  { title: 'weight', value: ({ weight }) => weight },
  { title: 'since', value: ({ since }) => `${age(since)} ago` },
  { title: 'by', value: ({ by }) => by },
];

const NAME = 'give tenant:<name>, definition:<name>, one of both with * for each without limits of its own, or all';

/** Fair shares: what tenants and definitions may have at a time. */
export function addLimits(program: Command): void {
  online(program.command('limits'))
    .description('limits of tenants and definitions: list them, set those of one, or take them off')
    .addArgument(new Argument('[act]', 'list when left out').choices(['list', 'set', 'remove']))
    .argument('[of]', 'tenant:acme, definition:order, tenant:* for each without limits of its own, or all', target)
    .option('--concurrency <n>', 'machines that run at the same time', number)
    .option('--per-second <n>', 'machines taken up each second', number)
    .option('--burst <n>', 'machines taken up at once after a pause', number)
    .option('--starts-per-second <n>', 'starts from outside each second', number)
    .option('--weight <n>', 'turns that it gets to one of each other, where several wait', number)
    .option('--by <name>', 'who sets them; you, when left out')
    .option('--why <text>', 'and why')
    .action(run);
}

async function run(act = 'list', of: LimitsTarget | undefined, options: LimitsOptions): Promise<void> {
  const { client, out, user } = open(options);
  if (act === 'list') {
    const items = await client.limits.list();
    out.result({ items }, (paint) => (items.length === 0 ? 'there are no limits' : table(items, COLUMNS, paint)));
    return;
  }
  if (!of) throw new PlainError(`limits ${act} needs to know whose: ${NAME}`, EXIT.usage);
  if (act === 'remove') {
    await client.limits.remove(of);
    out.result({ removed: of }, () => 'taken off');
    return;
  }
  const { concurrency, perSecond, burst, startsPerSecond, weight, by = user, why } = options;
  const set = await client.limits.put(of, { concurrency, perSecond, burst, startsPerSecond, weight, by, why });
  out.result(set, (paint) => table([set], COLUMNS, paint));
}

function target(text: string): LimitsTarget {
  if (text === 'all') return { kind: 'all', of: '*' };
  const [, kind, of] = /^(tenant|definition):([A-Za-z0-9_.-]+|\*)$/.exec(text) ?? [];
  if (of === undefined) throw new InvalidArgumentError(NAME);
  return { kind: kind as LimitsTarget['kind'], of };
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('give a number above 0');
}
