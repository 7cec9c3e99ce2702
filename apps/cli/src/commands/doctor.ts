import { readConfig } from '@stile/config';
import type { Command } from 'commander';
import type { Finding } from '../doctor/finding';
import { lookAtApi, lookAtDoor } from '../doctor/look-at-api';
import { lookAtRedis } from '../doctor/look-at-redis';
import { EXIT } from '../exit-codes';
import { clean } from '../output/clean';
import type { Colour, Paint } from '../output/paint';
import { online, open, type OnlineOptions } from '../session';

const MARKS: Readonly<Record<Finding['level'], readonly [mark: string, colour: Colour]>> = {
  ok: ['ok', 'green'],
  warn: ['warn', 'yellow'],
  bad: ['bad', 'red'],
  skipped: ['skip', 'dim'],
};

export function addDoctor(program: Command): void {
  online(program.command('doctor'))
    .description('Redis, API, doors, workers, queues, stuck machines: what is wrong, and what to type; status 1 when something is')
    .action(async (options: OnlineOptions) => {
      const { client, out } = open(options);
      const config = readConfig(undefined, { redis: 'optional' });
      const findings = [
        ...(await lookAtApi(client, client.url)),
        ...(await lookAtDoor(client.url, config.host)),
        ...(await lookAtRedis(config)),
      ];
      const healthy = findings.every(({ level }) => level !== 'bad');
      out.result({ healthy, findings }, (paint) => findings.map((finding) => text(finding, paint)).join('\n'));
      if (!healthy) process.exitCode = EXIT.failed;
    });
}

function text({ check, level, text: told, fix }: Finding, paint: Paint): string {
  const [mark, colour] = MARKS[level];
  const line = `${paint(mark.padEnd(4), colour)}  ${check.padEnd(14)}  ${clean(told)}`;
  return fix === undefined ? line : `${line}\n      ${' '.repeat(14)}  ${paint(`→ ${fix}`, 'cyan')}`;
}
