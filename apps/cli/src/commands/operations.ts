import type { Command } from 'commander';
import { EXIT } from '../exit-codes';
import { operationsTable, operationText } from '../output/operation-text';
import { PlainError } from '../plain-error';
import { online, open, type OnlineOptions } from '../session';

export function addOperations(program: Command): void {
  online(program.command('operations'))
    .description('what is done to many machines in the background, newest first; or one of these')
    .argument('[id]', 'of an operation')
    .option('--stop', 'reach no further machines')
    .action(async (id: string | undefined, { stop, ...options }: OnlineOptions & { stop?: boolean }) => {
      const { client, out } = open(options);
      if (id === undefined) {
        if (stop) throw new PlainError('stop which one? Give its id, as "stile operations" shows it', EXIT.usage);
        const items = await client.operations.list();
        return out.result({ items }, (paint) => operationsTable(items, paint));
      }
      const operation = await (stop ? client.operations.stop(id) : client.operations.get(id));
      out.result(operation, (paint) => operationText(operation, paint));
    });
}
