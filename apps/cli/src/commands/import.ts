import type { Command } from 'commander';
import { importXState } from '../offline/import-xstate';
import { writeOut } from '../output/write-out';
import { offlineOutput, withJson, type JsonOptions } from '../session';

export function addImport(program: Command): void {
  withJson(program.command('import'))
    .description('a machine of XState (its JSON config) as YAML; what cannot be said is named')
    .argument('<file>', 'JSON, or - for standard input')
    .option('--out <file>', 'write it there')
    .action(async (source: string, { out: file, ...options }: JsonOptions & { out?: string }) => {
      const out = offlineOutput(options);
      const { yaml, notes } = await importXState(source);
      if (out.json && file === undefined) out.result({ yaml, notes }, () => '');
      else writeOut(yaml, file, out);
      for (const note of notes) out.note(`note: ${note}`);
    });
}
