import type { ActOnMany, Machine, StileClient } from '@stile/client';
import { Option, type Command } from 'commander';
import { EXIT } from '../exit-codes';
import { followOperation } from '../follow-operation';
import { jsonObject } from '../input/arguments';
import { filterOf, isEmpty, withFilter, type FilterOptions } from '../input/filter';
import { machineLine } from '../output/machine-text';
import { PlainError } from '../plain-error';
import { online, open, type OnlineOptions, type Session } from '../session';

interface ActOptions extends OnlineOptions {
  readonly by?: string;
  readonly why?: string;
}

interface ManyOptions extends ActOptions, FilterOptions {
  readonly allMatching?: boolean;
  readonly detach?: boolean;
  readonly mode?: 'graceful' | 'now';
}

type ActName = ActOnMany['act'];

const ACTS: Readonly<Record<ActName, string>> = {
  cancel: 'cancel a machine, or all that match; once cancelled it stays so',
  pause: 'let the step in hand commit, then rest; one machine, or all that match',
  resume: 'let a paused machine, or all that match, go on',
  retry: 'try the step of a failed machine, or of all that match, again',
};

const DESCRIPTION = 'correlation id of a machine';

/** What an operator does to a machine. */
export function addSteer(program: Command): void {
  for (const [act, description] of Object.entries(ACTS) as [ActName, string][]) {
    const command = withAct(online(program.command(act)))
      .description(description)
      .argument('[id]', `${DESCRIPTION}; without one, those that match`)
      .option('--all-matching', 'all that the options below select, in the background')
      .option('--detach', 'do not wait for the end of that');
    if (act === 'cancel') command.addOption(new Option('--mode <mode>', 'how').choices(['graceful', 'now']));
    withFilter(command).action((id: string | undefined, options: ManyOptions) => steer(act, id, options));
  }
  withAct(online(program.command('move')))
    .description('take a machine that is not running to another state, whose actions run')
    .argument('<id>', DESCRIPTION)
    .argument('<state>', 'where to')
    .action((id: string, state: string, options: ActOptions) => one(options, (client, act) => client.move(id, state, act)));
  withAct(online(program.command('edit')))
    .description('change the context of a paused or failed machine')
    .argument('<id>', DESCRIPTION)
    .requiredOption('--context <@file|json>', 'JSON merge patch: what it names is set, null removes', jsonObject)
    .option('--revision <text>', 'as "stile get" showed it: when the machine has changed since, nothing is done')
    .option('--retry', 'and try its step again')
    .action(edit);
}

function withAct(command: Command): Command {
  return command.option('--by <name>', 'who does it, for the history; you, when left out').option('--why <text>', 'and why');
}

async function edit(
  id: string,
  { context, revision, retry, ...options }: ActOptions & { context: Record<string, unknown>; revision?: string; retry?: boolean },
): Promise<void> {
  await one(options, async (client, act) => {
    const edited = await client.edit(id, context, { ...act, revision });
    return retry ? client.retry(id, act) : edited;
  });
}

async function steer(act: ActName, id: string | undefined, options: ManyOptions): Promise<void> {
  const filter = filterOf(options);
  if (id === undefined) return many(act, options);
  if (options.allMatching || !isEmpty(filter)) {
    throw new PlainError(`${act} either one machine by its id, or all that match: leave out one of them`, EXIT.usage);
  }
  const { mode } = options;
  await one(options, (client, by) => (act === 'cancel' ? client.cancel(id, { ...by, mode }) : client[act](id, by)));
}

async function one(
  options: ActOptions,
  act: (client: StileClient, by: { by?: string; why?: string }) => Promise<Machine>,
): Promise<void> {
  const session = open(options);
  const machine = await act(session.client, whoOf(options, session));
  session.out.result(machine, (paint) => machineLine(machine, paint));
}

async function many(act: ActName, options: ManyOptions): Promise<void> {
  const filter = filterOf(options);
  if (isEmpty(filter)) {
    throw new PlainError(`${act} what? Give an id, or select machines, such as --machine order --status failed`, EXIT.usage);
  }
  if (!options.allMatching) {
    throw new PlainError(
      `this would ${act} every machine that matches; "stile list" with the same options shows them, --all-matching does it`,
      EXIT.usage,
    );
  }
  const session = open(options);
  const who = whoOf(options, session);
  const { mode } = options;
  const begin = (operationId: string): Promise<string> =>
    session.client.operations.act({ act, filter, mode, operationId, ...who });
  await followOperation(session, begin, options);
}

function whoOf({ by, why }: ActOptions, { user }: Session): { by?: string; why?: string } {
  return { by: by ?? user, why };
}
