import { hasEnded, type Machine, type StartMachine } from '@stile/client';
import { Option, type Command } from 'commander';
import { EXIT } from '../exit-codes';
import { duration, jsonObject, machineRef, tag, wholeNumber, type MachineRef } from '../input/arguments';
import { machineLine, machineText } from '../output/machine-text';
import { PlainError } from '../plain-error';
import { online, open, type OnlineOptions } from '../session';
import { startCount } from '../start-count';

export interface StartOptions extends OnlineOptions {
  readonly context?: Record<string, unknown>;
  readonly id?: string;
  readonly tag?: Record<string, string>;
  readonly count?: number;
  readonly state?: string;
  readonly event?: string;
  readonly delay?: number;
  readonly wait?: boolean;
  readonly timeout?: number;
}

export function addStart(program: Command): void {
  online(program.command('start'))
    .description('start a machine, once: the same id and context again gives the existing one')
    .argument('<machine>', 'name of a published definition, and maybe a version: order, order@2', machineRef)
    .option('--context <@file|json>', 'the data it starts with: JSON, @file, or @- for standard input', jsonObject)
    .option('--id <id>', 'its correlation id; with --count the beginning of all ids')
    .option('--tag <key=value>', 'may be given several times', tag)
    .option('--count <n>', 'start so many', wholeNumber(1, 1_000_000))
    .option('--state <name>', 'begin as if it were in this state; with --event')
    .option('--event <name>', 'and this event had come')
    .option('--delay <duration>', 'wait before the first step: 30s, 2h', duration)
    .option('--wait', 'until it has ended: status 1 unless it has completed')
    .addOption(new Option('--timeout <duration>', 'wait no longer than this').argParser(duration).implies({ wait: true }))
    .action(async (ref: MachineRef, options: StartOptions) => {
      if ((options.state === undefined) !== (options.event === undefined)) {
        throw new PlainError('--state and --event go together: give both or neither', EXIT.usage);
      }
      if (options.count === undefined) await startOne(ref, options);
      else await startCount({ ...options, count: options.count }, requestOf(ref, options));
    });
}

async function startOne(ref: MachineRef, options: StartOptions): Promise<void> {
  const { client, out } = open(options);
  const started = await client.start({ ...requestOf(ref, options), correlationId: options.id });
  if (!options.wait) return out.result(started, (paint) => machineLine(started, paint));
  const ended = await client.wait(started.correlationId, { timeoutMs: options.timeout });
  out.result(ended, (paint) => machineText(ended, paint));
  if (!hasEnded(ended)) out.note(`stile: it has not ended yet; "stile watch ${ended.correlationId}" goes on waiting`);
  process.exitCode = exitCodeOf(ended);
}

/** Of a machine that was waited for. */
export function exitCodeOf({ status }: Pick<Machine, 'status'>): number {
  return status === 'completed' ? EXIT.ok : EXIT.failed;
}

function requestOf(ref: MachineRef, { context, tag: tags, state, event, delay: delayMs }: StartOptions): StartMachine {
  return { ...ref, context, tags, state, event, delayMs };
}
