import type { Command } from 'commander';
import { json } from '../input/arguments';
import { online, open, type OnlineOptions } from '../session';

interface SendOptions extends OnlineOptions {
  readonly data?: unknown;
  readonly dedupeId?: string;
}

const OUTCOMES: Readonly<Record<string, string>> = {
  taken: 'taken: the machine goes on with it',
  kept: 'kept: it waits in the inbox until a state takes it',
  ignored: 'ignored: the state it waits in drops it',
  duplicate: 'duplicate: it was there before',
};

export function addSend(program: Command): void {
  online(program.command('send'))
    .description('send an event to a machine')
    .argument('<id>', 'correlation id of a machine')
    .argument('<event>', 'one that a state of the machine has')
    .option('--data <@file|json>', 'what goes with it: JSON, @file, or @- for standard input', json)
    .option('--dedupe-id <text>', 'your own name of the event: the same one twice is one event')
    .action(async (id: string, event: string, { data, dedupeId, ...options }: SendOptions) => {
      const { client, out } = open(options);
      const receipt = await client.send(id, event, { data, dedupeId });
      out.result(receipt, () => OUTCOMES[receipt.outcome] ?? receipt.outcome);
    });
}
