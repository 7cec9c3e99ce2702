import type { AuditEntry, AuditOptions, StileClient } from '@stile/client';
import { Argument, type Command } from 'commander';
import { setTimeout as delay } from 'node:timers/promises';
import { time, wholeNumber } from '../input/arguments';
import { clean } from '../output/clean';
import { table, type Column } from '../output/table';
import { online, open, type OnlineOptions } from '../session';

interface AuditCommandOptions extends OnlineOptions {
  readonly since?: string;
  readonly until?: string;
  readonly by?: string;
  readonly act?: string;
  readonly on?: string;
  readonly after?: string;
  readonly limit: number;
}

const POLL_MS = 1000;
const PRESET = 50;

const COLUMNS: readonly Column<AuditEntry>[] = [
  { title: 'at', value: ({ at }) => at },
  { title: 'who', value: ({ who }) => who.name },
  { title: 'from', value: ({ who }) => who.address },
  { title: 'act', value: ({ act }) => act },
  { title: 'on', value: ({ on }) => on },
  {
    title: 'outcome',
    value: ({ phase, code }) => (code === undefined ? phase : `${phase}: ${code}`),
    colour: ({ phase }) => (phase === 'refused' ? 'yellow' : phase === 'failed' ? 'red' : undefined),
  },
];

export function addAudit(program: Command): void {
  online(program.command('audit'))
    .description('what operators did and tried: the last entries, newest first; or all of them, a line of JSON each')
    .addArgument(
      new Argument('[what]', 'export: all that there are, oldest first; tail: those that come, until it is interrupted').choices([
        'export',
        'tail',
      ]),
    )
    .option('--since <time>', 'written then or later: 2026-12-24T18:00:00Z, or 7d', time)
    .option('--until <time>', 'written before then', time)
    .option('--by <name>', 'of a caller')
    .option('--act <act>', 'such as cancel')
    .option('--on <what>', 'such as "machine order-17"')
    .option('--after <entry>', 'behind this entry: where an export before has ended')
    .option('--limit <n>', 'entries to show at most', wholeNumber(1, 1000), PRESET)
    .action(async (what: 'export' | 'tail' | undefined, { limit, ...options }: AuditCommandOptions) => {
      const { client, out } = open(options);
      const query = queryOf(options);
      if (what === 'export') return exportAll(client, query);
      if (what === 'tail') return follow(client, query);
      const page = await client.audit.page({ ...query, first: 'newest', limit });
      out.result(page, (paint) => (page.items.length === 0 ? 'nothing' : table(page.items, COLUMNS, paint)));
      if (page.next !== null) out.note(`there may be more: --limit, or --after ${page.next}`);
    });
}

function queryOf({ since, until, by, act, on, after }: Omit<AuditCommandOptions, 'limit'>): AuditOptions {
  return { from: since, to: until, by, act, on, after };
}

async function exportAll(client: StileClient, query: AuditOptions): Promise<void> {
  for await (const entry of client.audit.list(query)) print(entry);
}

/** Asks once a second for what came behind the last entry that was seen, whoever wrote it. */
async function follow(client: StileClient, { after, from, ...query }: AuditOptions): Promise<void> {
  const [last] = after === undefined && from === undefined ? (await client.audit.page({ first: 'newest', limit: 1 })).items : [];
  let behind = after ?? last?.entry;
  for (;;) {
    for await (const entry of client.audit.list({ ...query, ...(behind === undefined ? { from } : { after: behind }) })) {
      print(entry);
      behind = entry.entry;
    }
    await delay(POLL_MS);
  }
}

function print(entry: AuditEntry): void {
  process.stdout.write(`${clean(JSON.stringify(entry))}\n`);
}
