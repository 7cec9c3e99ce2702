import type { Operation, OperationFilter } from '../api/types';
import { describe } from './filter';
import { counted, whole } from './numbers';

const VERBS = { send: 'Send', retry: 'Retry', cancel: 'Cancel', pause: 'Pause', resume: 'Resume', redrive: 'Redrive' } as const;

/** `Retry failed machines of order@2`. */
export function titleOf({ act = 'send', event, filter, machine, tag }: Operation, time?: (iso: string) => string): string {
  const verb = act === 'send' ? `${VERBS.send} ${event ?? ''} to` : VERBS[act];
  if (filter && 'all' in filter) return `${verb} all machines`;
  const whom: OperationFilter = filter ?? { ...(machine === null ? {} : { machine }), ...(tag === null ? {} : { tag }) };
  return `${verb} ${describe(whom, time)}`;
}

/** From 0 to 1; undefined where nobody knows how many there are. */
export function progressOf({ status, matched, total }: Operation): number | undefined {
  if (status === 'done') return 1;
  if (total === undefined || total === null || total === 0) return undefined;
  return Math.min(1, matched / total);
}

/** `12 retried, 3 refused`: what became of the machines, without those there are none of. */
export function resultsOf(operation: Operation): string[] {
  const { act = 'send', matched, delivered, kept, ignored, refused, gone, failedAgain = 0 } = operation;
  const done = operation.done ?? delivered;
  const words = {
    send: 'reached',
    retry: 'retried',
    cancel: 'cancelled',
    pause: 'paused',
    resume: 'resumed',
    redrive: 'retried',
  };
  const parts: (readonly [number, string])[] = [
    [done, words[act]],
    [kept, 'of them keep it for later'],
    [failedAgain, 'of them failed again'],
    [ignored, 'ignored it'],
    [refused, 'refused'],
    [gone, 'gone'],
  ];
  const told = parts.filter(([count]) => count > 0).map(([count, word]) => `${whole(count)} ${word}`);
  return told.length > 0 ? told : [matched === 0 ? 'nothing yet' : counted(matched, 'machine')];
}
