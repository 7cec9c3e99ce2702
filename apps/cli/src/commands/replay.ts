import type { Command } from 'commander';
import { wholeNumber } from '../input/arguments';
import { machineLine } from '../output/machine-text';
import { online, open, type OnlineOptions } from '../session';

interface ReplayOptions extends OnlineOptions {
  readonly from?: number;
  readonly id?: string;
  readonly by?: string;
  readonly why?: string;
}

export function addReplay(program: Command): void {
  online(program.command('replay'))
    .description('start a new machine from a recorded step of an old one, with the state, event and context of then')
    .argument('<id>', 'correlation id of the old machine')
    .option('--from <step>', 'number of the step, as "stile history" shows it; the first when left out', wholeNumber(0, 1e15))
    .option('--id <id>', 'correlation id of the new one')
    .option('--by <name>', 'who does it, for the history; you, when left out')
    .option('--why <text>', 'and why')
    .action(async (id: string, { from: step, id: correlationId, by, why, ...options }: ReplayOptions) => {
      const { client, out, user } = open(options);
      const machine = await client.replay(id, { step, correlationId, by: by ?? user, why });
      out.result(machine, (paint) => machineLine(machine, paint));
    });
}
