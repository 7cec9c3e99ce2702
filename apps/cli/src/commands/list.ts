import type { MachineSummary, StileClient } from '@stile/client';
import { Option, type Command } from 'commander';
import { wholeNumber } from '../input/arguments';
import { filterOf, withFilter, type FilterOptions } from '../input/filter';
import { machinesTable } from '../output/machine-text';
import type { Output } from '../output/output';
import { online, open, type OnlineOptions } from '../session';

interface ListOptions extends OnlineOptions, FilterOptions {
  readonly limit: number;
  readonly cursor?: string;
  readonly all?: boolean;
  readonly archived?: boolean;
}

const PAGE = 200;
const PRESET = 50;

export function addList(program: Command): void {
  withFilter(online(program.command('list')))
    .description('machines, newest first; by id with --id-prefix')
    .addOption(new Option('--limit <n>', 'machines at most').argParser(wholeNumber(1, 1_000_000)).default(PRESET))
    .option('--cursor <text>', '`next` of a list before: go on behind it')
    .option('--archived', 'those that have gone into the archive')
    .option('--all', 'however many there are; with --json a line each')
    .action(async (options: ListOptions) => {
      const { client, out } = open(options);
      if (options.all) await listAll(client, out, options);
      else await listSome(client, out, options);
    });
}

async function listSome(client: StileClient, out: Output, options: ListOptions): Promise<void> {
  const items: MachineSummary[] = [];
  let cursor = options.cursor;
  do {
    const page = await client.page(filterOf(options), {
      ...{ cursor, archived: options.archived },
      limit: Math.min(PAGE, options.limit - items.length),
    });
    items.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && items.length < options.limit);
  const next = cursor ?? null;
  out.result({ items, next }, (paint) => machinesTable(items, paint));
  if (next !== null) out.note(`there may be more: --limit, --all, or --cursor ${next}`);
}

/** Page by page, so that a million machines need no memory: columns are aligned within each page. */
async function listAll(client: StileClient, out: Output, options: ListOptions): Promise<void> {
  let cursor = options.cursor;
  do {
    const page = await client.page(filterOf(options), { cursor, archived: options.archived, limit: PAGE });
    if (out.json) for (const machine of page.items) out.item(machine, () => '');
    else if (page.items.length > 0) out.item(page, (paint) => machinesTable(page.items, paint));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}
