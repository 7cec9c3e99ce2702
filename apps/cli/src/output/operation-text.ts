import type { Operation } from '@stile/client';
import { statusColour, type Paint } from './paint';
import { pairs, table, type Column } from './table';
import { age } from './time';

export function operationText(operation: Operation, paint: Paint): string {
  const { id, status, act, total, matched, done, ignored, refused, gone, reasons, failedAgain, stoppedBecause } = operation;
  const why = Object.entries(reasons).map(([code, count]) => `${code} ${count}`);
  const head = `${id}  ${paint(status, statusColour(status))}${stoppedBecause ? ` (${stoppedBecause})` : ''}`;
  const entries = [
    ['act', act],
    ['event', operation.event],
    ['by', operation.by],
    ['why', operation.why],
    ['mode', operation.mode],
    ['filter', JSON.stringify(operation.filter)],
    ['matched', total === null ? matched : `${matched} of about ${total}`],
    ['done', done],
    ['failed again', failedAgain || null],
    ['ignored', ignored || null],
    ['refused', refused > 0 ? `${refused} (${why.join(', ')})` : null],
    ['gone', gone || null],
    ['started', operation.startedAt],
    ['finished', operation.finishedAt],
  ] as const;
  return `${head}\n${pairs(entries, paint)}`;
}

const COLUMNS: readonly Column<Operation>[] = [
  { title: 'id', value: ({ id }) => id },
  { title: 'act', value: ({ act, event }) => (event === null ? act : `${act} ${event}`) },
  { title: 'status', value: ({ status }) => status, colour: ({ status }) => statusColour(status) },
  { title: 'matched', value: ({ matched }) => matched },
  { title: 'done', value: ({ done }) => done },
  { title: 'refused', value: ({ refused }) => refused },
  { title: 'started', value: ({ startedAt }) => `${age(startedAt)} ago` },
  { title: 'by', value: ({ by }) => by },
  { title: 'why', value: ({ why }) => why },
];

export function operationsTable(operations: readonly Operation[], paint: Paint): string {
  return table(operations, COLUMNS, paint);
}
