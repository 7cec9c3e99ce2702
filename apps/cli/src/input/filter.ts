import type { MachineFilter, MachineStatus } from '@stile/client';
import { InvalidArgumentError, type Command } from 'commander';
import { machineRef, tagOf, time, type MachineRef } from './arguments';

export const STATUSES: readonly MachineStatus[] = [
  'queued',
  'running',
  'waiting',
  'delayed',
  'paused',
  'completed',
  'failed',
  'cancelled',
];

export interface FilterOptions {
  readonly machine?: MachineRef;
  readonly status?: MachineStatus[];
  readonly state?: string;
  readonly tag?: { key: string; value: string };
  readonly from?: string;
  readonly to?: string;
  readonly idPrefix?: string;
  readonly failure?: string;
}

export function withFilter(command: Command): Command {
  return command
    .option('--machine <name>', 'of this definition, or this version of it: order, order@2', machineRef)
    .option('--status <list>', `with one of these, separated by commas: ${STATUSES.join(', ')}`, statuses)
    .option('--state <name>', 'in this state')
    .option('--tag <key=value>', 'with this tag', tagOf)
    .option('--from <time>', 'started then or later: 2026-12-24T18:00:00Z, or 2h for two hours ago', time)
    .option('--to <time>', 'started before then', time)
    .option('--id-prefix <text>', 'whose id begins so')
    .option('--failure <group>', 'of this group of failures');
}

export function filterOf({ machine, status, state, tag, from, to, idPrefix, failure }: FilterOptions): MachineFilter {
  const given = Object.entries({ ...machine, status, state, tag, from, to, idPrefix, failure });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined)) as MachineFilter;
}

export function isEmpty(filter: MachineFilter): boolean {
  return Object.keys(filter).length === 0;
}

function statuses(text: string): MachineStatus[] {
  return text.split(',').map((part) => {
    const status = STATUSES.find((known) => known === part.trim());
    if (status !== undefined) return status;
    throw new InvalidArgumentError(`"${part}" is none of ${STATUSES.join(', ')}`);
  });
}
