import type { FailureGroup } from '@stile/client';
import { InvalidArgumentError, type Command } from 'commander';
import { followOperation } from '../follow-operation';
import { machineRef, wholeNumber, type MachineRef } from '../input/arguments';
import { table, type Column } from '../output/table';
import { age } from '../output/time';
import { online, open, type OnlineOptions } from '../session';

interface RedriveOptions extends OnlineOptions {
  readonly count?: number | 'all';
  readonly by?: string;
  readonly why?: string;
  readonly detach?: boolean;
}

const COLUMNS: readonly Column<FailureGroup>[] = [
  { title: 'group', value: ({ group }) => group },
  { title: 'count', value: ({ count }) => count },
  { title: 'machine', value: ({ machine, version }) => `${machine}@${version}` },
  { title: 'state', value: ({ state }) => state },
  { title: 'newest', value: ({ lastAt }) => `${age(lastAt)} ago` },
  { title: 'example', value: ({ example }) => example },
  { title: 'error', value: ({ code, message }) => `${code}: ${message}`, colour: () => 'red' },
];

export function addFailures(program: Command): void {
  online(program.command('failures'))
    .description('failed machines whose errors are alike, the largest group first')
    .option('--machine <name>', 'of this definition, or this version of it: order, order@2', machineRef)
    .action(async ({ machine, ...options }: OnlineOptions & { machine?: MachineRef }) => {
      const { client, out } = open(options);
      const items = await client.failures(machine);
      out.result({ items }, (paint) => (items.length === 0 ? 'no machine has failed' : table(items, COLUMNS, paint)));
    });
  online(program.command('redrive'))
    .description('retry the machines of a group of failures one after the other, until they fail again')
    .argument('<group>', 'as "stile failures" shows it')
    .option('--count <n>', 'machines at most: a number, or all', countOf)
    .option('--by <name>', 'who does it, for the history; you, when left out')
    .option('--why <text>', 'and why')
    .option('--detach', 'do not wait for the end of it')
    .action(async (group: string, { count, by, why, detach, ...options }: RedriveOptions) => {
      const session = open(options);
      const who = { by: by ?? session.user, why };
      const begin = (operationId: string): Promise<string> =>
        session.client.operations.redrive(group, { count, operationId, ...who });
      await followOperation(session, begin, { detach });
    });
}

function countOf(text: string): number | 'all' {
  if (text === 'all') return text;
  try {
    return wholeNumber(1, 1_000_000_000)(text);
  } catch {
    throw new InvalidArgumentError('give a whole number from 1, or all');
  }
}
