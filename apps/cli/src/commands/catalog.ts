import type { Definition, Schedule, WorkerView } from '@stile/client';
import type { Command } from 'commander';
import { table, type Column } from '../output/table';
import { age, span } from '../output/time';
import { online, open, type OnlineOptions } from '../session';

const DEFINITIONS: readonly Column<Definition>[] = [
  { title: 'machine', value: ({ name, version }) => `${name}@${version}` },
  { title: 'queue', value: ({ queue }) => queue },
  { title: 'retries', value: ({ maxRetries }) => maxRetries },
  { title: 'states', value: ({ states }) => Object.keys(states).join(' ') },
];

const SCHEDULES: readonly Column<Schedule>[] = [
  { title: 'schedule', value: ({ name }) => name },
  { title: 'machine', value: ({ machine, version }) => (version === null ? machine : `${machine}@${version}`) },
  {
    title: 'when',
    value: ({ cron, timeZone, everyMs }) => (cron === null ? `every ${span(everyMs ?? 0)}` : `${cron} ${timeZone ?? ''}`),
  },
  {
    title: 'next',
    value: ({ nextAt, stopped }) => (stopped ? 'stopped' : nextAt),
    colour: ({ stopped }) => (stopped ? 'yellow' : undefined),
  },
  { title: 'started', value: ({ started }) => started },
  { title: 'missed', value: ({ missed }) => missed },
  { title: 'skipped', value: ({ skipped }) => skipped },
  { title: 'failed', value: ({ failed }) => failed },
  { title: 'last', value: ({ lastCorrelationId }) => lastCorrelationId },
];

const WORKERS: readonly Column<WorkerView>[] = [
  { title: 'worker', value: ({ name }) => name },
  { title: 'host', value: ({ host }) => host },
  { title: 'pid', value: ({ pid }) => pid },
  { title: 'up', value: ({ startedAt }) => startedAt && age(startedAt) },
  { title: 'queues', value: ({ queues }) => queues.join(' ') },
  { title: 'active', value: ({ active }) => active },
  { title: 'of', value: ({ concurrency }) => concurrency },
  { title: 'lag', value: ({ lagMs }) => span(lagMs), colour: ({ lagMs }) => (lagMs > 1000 ? 'red' : undefined) },
  { title: 'seen', value: ({ lastSeenMs }) => `${span(lastSeenMs)} ago` },
  { title: 'runs', value: ({ definitions }) => definitions.map(({ name, version }) => `${name}@${version}`).join(' ') },
];

/** What there is besides machines. */
export function addCatalog(program: Command): void {
  online(program.command('definitions'))
    .description('what workers have published')
    .action(async (options: OnlineOptions) => {
      const { client, out } = open(options);
      const items = await client.definitions.list();
      out.result({ items }, (paint) => table(items, DEFINITIONS, paint));
    });
  online(program.command('schedules'))
    .description('what is started by the clock')
    .action(async (options: OnlineOptions) => {
      const { client, out } = open(options);
      const items = await client.schedules.list();
      out.result({ items }, (paint) => table(items, SCHEDULES, paint));
    });
  online(program.command('workers'))
    .description('workers, what they run, and how they are')
    .action(async (options: OnlineOptions) => {
      const { client, out } = open(options);
      const items = await client.workers();
      out.result({ items }, (paint) => table(items, WORKERS, paint));
    });
}
