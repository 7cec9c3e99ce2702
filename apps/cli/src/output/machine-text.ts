import type { HistoryItem, Machine, MachineSummary } from '@stile/client';
import { clean, clip } from './clean';
import { statusColour, type Paint } from './paint';
import { pairs, table, type Column } from './table';
import { age } from './time';

const MESSAGE_LENGTH = 60;

/** One machine, all of it. */
export function machineText(machine: Machine, paint: Paint): string {
  const { correlationId, tags, error, timers, context, unreadable } = machine;
  const head = `${clean(correlationId)}  ${paint(machine.status, statusColour(machine.status))}`;
  const fields = pairs(
    [
      ['machine', `${machine.machine}@${machine.version}`],
      ['state', machine.state],
      ['event', machine.event],
      ['steps', machine.steps],
      ['retries', `${machine.retries} of ${machine.maxRetries}`],
      ['error', error && `${error.code}: ${error.message}`],
      ['asked', machine.asked],
      ['held by', machine.heldBy],
      ['timers', timers.map(({ event, at }) => `${event} at ${at}`).join(', ')],
      ['deadline', machine.deadlineAt],
      ['inbox', machine.inbox || null],
      ['children', machine.children || null],
      ['parent', machine.parent?.correlationId],
      ['tags', tagsText(tags)],
      ['started', machine.createdAt],
      ['changed', machine.updatedAt],
      ['finished', machine.finishedAt],
      ['revision', machine.revision],
      ['unreadable', unreadable?.message],
      ['heartbeat', machine.heartbeat === null ? null : JSON.stringify(machine.heartbeat)],
    ],
    paint,
  );
  return `${head}\n${fields}\n${paint('context', 'dim')}\n${JSON.stringify(context, null, 2)}`;
}

/** What an act did, in a line. */
export function machineLine({ correlationId, status, state, asked }: Machine, paint: Paint): string {
  const pending = asked === null ? '' : ` (${asked} when the step in hand ends)`;
  return `${clean(correlationId)}  ${paint(status, statusColour(status))}  in ${clean(state)}${pending}`;
}

const SUMMARY: readonly Column<MachineSummary>[] = [
  { title: 'id', value: ({ correlationId }) => correlationId },
  { title: 'machine', value: ({ machine, version }) => `${machine}@${version}` },
  { title: 'status', value: ({ status }) => status, colour: ({ status }) => statusColour(status) },
  { title: 'state', value: ({ state }) => state },
  { title: 'steps', value: ({ steps }) => steps },
  { title: 'retries', value: ({ retries }) => retries },
  { title: 'started', value: ({ createdAt }) => `${age(createdAt)} ago` },
  { title: 'changed', value: ({ updatedAt }) => `${age(updatedAt)} ago` },
  { title: 'error', value: ({ error }) => error && clip(`${error.code}: ${error.message}`, MESSAGE_LENGTH), colour: () => 'red' },
];

export function machinesTable(machines: readonly MachineSummary[], paint: Paint): string {
  return table(machines, SUMMARY, paint);
}

const HISTORY: readonly Column<HistoryItem>[] = [
  { title: '#', value: ({ number }) => number },
  { title: 'at', value: ({ startedAt }) => startedAt },
  { title: 'step', value: ({ steps }) => steps },
  { title: 'retry', value: ({ retries }) => retries },
  { title: 'from', value: ({ from }) => from },
  { title: 'event', value: ({ event }) => event },
  { title: 'to', value: ({ to }) => to },
  { title: 'outcome', value: ({ outcome }) => outcome, colour: ({ outcome }) => statusColour(outcome) },
  { title: 'ms', value: ({ durationMs }) => Math.round(durationMs) },
  { title: 'fence', value: ({ fence }) => fence },
  { title: 'by', value: ({ worker, by }) => by ?? worker },
  { title: 'why', value: ({ error, why }) => (error ? clip(`${error.code}: ${error.message}`, MESSAGE_LENGTH) : why) },
];

export function historyTable(items: readonly HistoryItem[], paint: Paint): string {
  return table(items, HISTORY, paint);
}

/** One item, as it comes. */
export function historyLine(item: HistoryItem, paint: Paint): string {
  const { number, startedAt, steps, from, event, to, outcome, durationMs, worker, by, error, why } = item;
  const told = error ? `${error.code}: ${error.message}` : why;
  const parts = [
    paint(`#${number} ${startedAt} step ${steps}`, 'dim'),
    clean(`${from} --${event}--> ${to}`),
    paint(outcome, statusColour(outcome)),
    paint(`${Math.round(durationMs)} ms, ${clean(by ?? worker) || 'nobody'}`, 'dim'),
    ...(told ? [clean(told)] : []),
  ];
  return parts.join('  ');
}

export function tagsText(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');
}
