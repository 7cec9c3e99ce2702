import type { Command } from 'commander';
import { EXIT } from '../exit-codes';
import { isError, readMachines } from '../offline/read-machines';
import { offlineOutput, withJson, type JsonOptions } from '../session';

export function addValidate(program: Command): void {
  withJson(program.command('validate'))
    .description('check machines without running them, and tell all that is wrong at once: status 2 when there is an error')
    .argument(
      '<files...>',
      'YAML files, compiled modules (which are run), or folders; actions are looked up where modules are given',
    )
    .action(validate);
}

async function validate(files: string[], options: JsonOptions): Promise<void> {
  const out = offlineOutput(options);
  const { machines, problems, actionsChecked } = await readMachines(files);
  const { formatProblem } = await import('@stile/machine');
  const names = machines.map(({ definition, origin }) => ({ name: definition.name, version: definition.version, origin }));
  const errors = problems.filter(isError).length;
  const valid = errors === 0;
  out.result({ valid, machines: names, problems, actionsChecked }, (paint) => {
    const lines = problems.map((problem) => paint(formatProblem(problem), isError(problem) ? 'red' : 'yellow'));
    const list = names.map(({ name, version }) => `${name}@${version}`).join(', ') || 'no machines';
    return [...lines, valid ? `${paint('valid', 'green')}: ${list}` : `${errors} ${errors === 1 ? 'error' : 'errors'}`].join(
      '\n',
    );
  });
  if (valid && !actionsChecked)
    out.note('names of actions were not looked up: give the compiled modules, too, to have that done');
  if (!valid) process.exitCode = EXIT.usage;
}
