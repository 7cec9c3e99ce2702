import { Option, type Command } from 'commander';
import { demo } from '../demo';
import { wholeNumber } from '../input/arguments';
import { runInThisProcess } from '../parts';
import { up } from '../up';

/** What runs Stile itself. */
export function addParts(program: Command): void {
  program.command('up').description('API, worker and, where STILE_REDIS_URL is unset, a Redis of its own').action(up);
  program
    .command('api')
    .description('the HTTP API alone')
    .action(() => runInThisProcess('api'));
  program
    .command('worker')
    .description('one worker alone')
    .action(() => runInThisProcess('worker'));
  program
    .command('demo')
    .description('start order machines over HTTP and watch two workers bring them to their end')
    .addOption(new Option('--count <n>', 'how many').argParser(wholeNumber(1, 100_000)).default(200))
    .option('--exit', 'end when all are accounted for: status 0, else 1')
    .action(demo);
}
