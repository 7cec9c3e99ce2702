import { Argument, type Command } from 'commander';
import { bashCompletion } from '../completion/bash';
import { describeCommands } from '../completion/describe';
import { zshCompletion } from '../completion/zsh';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion } as const;

export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('a completion script: source <(stile completion bash)')
    .addArgument(new Argument('<shell>', 'which one').choices(Object.keys(SHELLS)))
    .action((shell: keyof typeof SHELLS) => {
      process.stdout.write(SHELLS[shell](describeCommands(program)));
    });
}
