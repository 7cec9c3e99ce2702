import {
  STATUSES,
  type MachineStatus,
  type MachineView,
  type ParentLink,
  type ReplayOrigin,
  type StepError,
} from '../core/model';
import { noSeal, type Seal } from '../core/payload-cipher';
import type { Json } from '../core/step';
import { QuarantinedError } from '../core/errors';
import { openRecord } from './open-texts';

export function iso(ms: string | number): string {
  return new Date(Number(ms)).toISOString();
}

/** Turns `field, value, …` as Redis gives it into an object without a prototype. */
export function fieldsOf(flat: readonly string[]): Record<string, string | undefined> {
  const fields = Object.create(null) as Record<string, string | undefined>;
  for (let i = 0; i + 1 < flat.length; i += 2) fields[flat[i] as string] = flat[i + 1];
  return fields;
}

/**
 * What cannot be opened is left empty, see `unreadable`.
 *
 * @param lease of whoever runs it. @default nobody
 * @throws QuarantinedError when the record cannot be read as a machine
 */
export function readView(
  correlationId: string,
  stored: Record<string, string | undefined>,
  lease: MachineView['lease'] = null,
  seal: Seal = noSeal,
): MachineView {
  try {
    const fields = openRecord(stored, seal);
    const { machine, version, status, state, event, steps, retries, max, fence, context, created, updated, rev } = fields;
    if (!machine || !STATUSES.includes(status as MachineStatus)) throw new Error('machine or status is missing');
    return {
      correlationId,
      machine,
      version: whole('version', version),
      runId: fields.run ?? '',
      status: status as MachineStatus,
      state: state ?? '',
      event: event ?? '',
      steps: whole('steps', steps),
      retries: whole('retries', retries ?? '0'),
      maxRetries: whole('max', max),
      fence: whole('fence', fence),
      context: JSON.parse(context ?? '') as MachineView['context'],
      tags: JSON.parse(fields.tags ?? '{}') as MachineView['tags'],
      createdAt: iso(whole('created', created)),
      updatedAt: iso(whole('updated', updated)),
      finishedAt: fields.finished === undefined ? null : iso(whole('finished', fields.finished)),
      error: fields.error === undefined ? null : (JSON.parse(fields.error) as StepError),
      revision: `${steps}.${retries ?? '0'}.${rev ?? '0'}`,
      inbox: Number(fields.inbox ?? 0),
      timers: timersOf(fields),
      deadlineAt: fields.deadline === undefined ? null : iso(whole('deadline', fields.deadline)),
      asked: fields.cancel === 'graceful' ? 'cancel' : fields.pause === '1' ? 'pause' : null,
      heldBy: fields.hold ?? null,
      parent: fields.parent === undefined ? null : (JSON.parse(fields.parent) as ParentLink),
      children: Number(fields.children ?? 0),
      heartbeat: fields.beat === undefined ? null : (JSON.parse(fields.beat) as Json),
      lease,
      replayOf: fields.replay === undefined ? null : (JSON.parse(fields.replay) as ReplayOrigin),
      unreadable: fields.unreadable === undefined ? null : (JSON.parse(fields.unreadable) as MachineView['unreadable']),
    };
  } catch (error) {
    throw new QuarantinedError(correlationId, `its record cannot be read: ${(error as Error).message}`);
  }
}

function timersOf({ status, timers, due, event }: Record<string, string | undefined>): MachineView['timers'] {
  if (status === 'delayed' && due !== undefined) return [{ event: event ?? '', at: iso(whole('due', due)) }];
  return (timers ?? '').split(' ').flatMap((text) => {
    const colon = text.indexOf(':');
    return colon < 0 ? [] : [{ event: text.slice(colon + 1), at: iso(whole('timers', text.slice(0, colon))) }];
  });
}

function whole(name: string, text: string | undefined): number {
  const value = Number(text);
  if (text === undefined || text === '' || !Number.isSafeInteger(value)) throw new Error(`${name} is not a whole number`);
  return value;
}
