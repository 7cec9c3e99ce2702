import { ConfigError } from '@stile/config';
import { LocalRedisError } from '@stile/local-redis';
import { Command, InvalidArgumentError } from 'commander';
import { demo } from './demo';
import { PlainError } from './plain-error';
import { runInThisProcess } from './parts';
import { up } from './up';
import { version } from './version';

const program = new Command('stile')
  .description('Durable state machines for NestJS, on BullMQ and Redis')
  .version(version())
  .addHelpText('after', '\nSettings are environment variables, STILE_*: see the README.');

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
  .option('--count <n>', 'how many', wholeNumber, 200)
  .option('--exit', 'end when all are accounted for: status 0, else 1')
  .action(demo);

program.parseAsync().catch((error: unknown) => {
  const plain = [PlainError, ConfigError, LocalRedisError].some((kind) => error instanceof kind);
  console.error(plain ? `stile: ${(error as Error).message}` : error);
  process.exit(1);
});

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 100_000) {
    throw new InvalidArgumentError('give a whole number from 1 to 100000');
  }
  return value;
}
