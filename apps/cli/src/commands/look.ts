import type { Explanation, HistoryItem } from '@stile/client';
import type { Command } from 'commander';
import { wholeNumber } from '../input/arguments';
import { historyLine, historyTable, machineLine, machineText } from '../output/machine-text';
import { statusColour, type Paint } from '../output/paint';
import { pairs } from '../output/table';
import { online, open, type OnlineOptions } from '../session';
import { exitCodeOf } from './start';

const ID = 'correlation id of a machine';

/** One machine, to look at. */
export function addLook(program: Command): void {
  online(program.command('get'))
    .description('a machine as it is now')
    .argument('<id>', ID)
    .action(async (id: string, options: OnlineOptions) => {
      const { client, out } = open(options);
      const machine = await client.get(id);
      out.result(machine, (paint) => machineText(machine, paint));
    });
  online(program.command('history'))
    .description('what happened to a machine, oldest first')
    .argument('<id>', ID)
    .option('--after <n>', 'only what came after the item of this number', wholeNumber(0, 1e15))
    .action(async (id: string, options: OnlineOptions & { after?: number }) => {
      const { client, out } = open(options);
      const items: HistoryItem[] = [];
      for await (const item of client.history(id, { after: options.after })) items.push(item);
      out.result({ items }, (paint) => historyTable(items, paint));
    });
  online(program.command('explain'))
    .description('why a machine does not move, or that it does')
    .argument('<id>', ID)
    .action(async (id: string, options: OnlineOptions) => {
      const { client, out } = open(options);
      const explanation = await client.explain(id);
      out.result(explanation, (paint) => explanationText(explanation, paint));
    });
  online(program.command('watch'))
    .description('what happens to a machine, as it happens, until it has ended: status 1 unless it has completed')
    .argument('<id>', ID)
    .option('--after <n>', 'only what comes after the item of this number', wholeNumber(0, 1e15))
    .action((id: string, options: OnlineOptions & { after?: number }) => watch(id, options));
}

async function watch(id: string, options: OnlineOptions & { after?: number }): Promise<void> {
  const { client, out } = open(options);
  for await (const event of client.stream(id, { after: options.after })) {
    switch (event.type) {
      case 'history':
        out.item(event, (paint) => historyLine(event.item, paint));
        break;
      case 'machine':
        out.item(event, (paint) => machineLine(event.machine, paint));
        break;
      case 'lost':
        out.item(event, (paint) => paint(`${event.count} items are kept no more`, 'dim'));
        break;
      case 'end':
        out.item(event, (paint) => `ended: ${paint(event.status, statusColour(event.status))}`);
        process.exitCode = exitCodeOf(event);
    }
  }
}

function explanationText({ reason, text, since, until, ...facts }: Explanation, paint: Paint): string {
  const told = Object.entries(facts).map(([name, value]): [string, string | null] => [name, factText(value)]);
  return `${paint(text, 'bold')}\n${pairs([['reason', reason], ['since', since], ['until', until], ...told], paint)}`;
}

function factText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
