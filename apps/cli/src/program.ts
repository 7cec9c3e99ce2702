import { Command } from 'commander';
import { addAudit } from './commands/audit';
import { addCatalog } from './commands/catalog';
import { addCompletion } from './commands/completion';
import { addDataKeys } from './commands/data-keys';
import { addDoctor } from './commands/doctor';
import { addFailures } from './commands/failures';
import { addGraph } from './commands/graph';
import { addImport } from './commands/import';
import { addKeys } from './commands/keys';
import { addLimits } from './commands/limits';
import { addList } from './commands/list';
import { addLook } from './commands/look';
import { addOperations } from './commands/operations';
import { addParts } from './commands/parts';
import { addReplay } from './commands/replay';
import { addSend } from './commands/send';
import { addStart } from './commands/start';
import { addSteer } from './commands/steer';
import { addStore } from './commands/store';
import { addValidate } from './commands/validate';
import { version } from './version';

const GROUPS: readonly (readonly [heading: string, ...adds: ((program: Command) => void)[]])[] = [
  ['Run Stile:', addParts],
  ['Machines:', addStart, addSend, addLook, addList, addReplay],
  ['Steer:', addSteer, addFailures, addOperations, addLimits],
  ['What there is:', addCatalog, addAudit, addDoctor],
  ['Access:', addKeys],
  ['Encryption:', addDataKeys],
  ['The store, while nobody uses it:', addStore],
  ['Files:', addValidate, addGraph, addImport],
  ['Shell:', addCompletion],
];

/** All commands. Errors are thrown, never printed by commander. */
export function makeProgram(): Command {
  const program = new Command('stile')
    .description('Durable state machines for NestJS, on BullMQ and Redis')
    .version(version())
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .addHelpText(
      'after',
      '\nSettings of a server are environment variables, STILE_*: docs/guide/configuration.md.' +
        '\nStatus: 0 done, 1 failed, 2 usage or input, 3 not found, 4 refused, 5 API or store away, 130 interrupted.',
    );
  for (const [heading, ...adds] of GROUPS) {
    program.commandsGroup(heading);
    for (const add of adds) add(program);
  }
  return program;
}
