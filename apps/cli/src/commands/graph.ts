import { existsSync } from 'node:fs';
import { GRAPH_FORMATS, type GraphFormat } from '@stile/client';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { machineRef, type MachineRef } from '../input/arguments';
import { readDefinition } from '../offline/read-machines';
import { renderGraph } from '../offline/render-graph';
import { writeOut } from '../output/write-out';
import { online, open, type OnlineOptions } from '../session';

interface GraphOptions extends OnlineOptions {
  readonly format: GraphFormat;
  readonly machine?: MachineRef;
  readonly out?: string;
}

export function addGraph(program: Command): void {
  online(program.command('graph'))
    .description('the state graph of a file, without an API; or of a definition that workers have published')
    .argument('<machine|file>', 'a file or folder, else the name of a definition, and maybe a version: order, order@2')
    .addOption(new Option('--format <format>', 'of the graph').choices(GRAPH_FORMATS).default('svg'))
    .option('--machine <name>', 'which one, of a file with several', machineRef)
    .option('--out <file>', 'write it there')
    .action(async (named: string, { format, machine, out: file, ...options }: GraphOptions) => {
      const { client, out } = open(options);
      if (existsSync(named)) {
        const { text, notes } = await renderGraph(await readDefinition(named, machine), format);
        writeOut(text, file, out);
        for (const note of notes) out.note(`note: ${note}`);
        return;
      }
      const { machine: name, version } = refOrFile(named);
      writeOut(await client.definitions.graph(name, format, { version }), file, out);
    });
}

/** A mistyped path must not be looked for at the API. */
function refOrFile(named: string): MachineRef {
  if (/[/\\]|\.(ya?ml|[cm]?js)$/.test(named)) throw new InvalidArgumentError(`there is no file "${named}"`);
  return machineRef(named);
}
