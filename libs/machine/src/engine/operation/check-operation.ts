import { eventText, toJson } from '../../core/json';
import { isName, NAME_RULE } from '../../core/names';
import { BULK_ACTS, InvalidOperationError, type ActOnMany, type Redrive, type SendToMany } from '../../core/operations';
import type { ActSpec, RedriveSpec, SendSpec } from '../../core/operations-ports';
import { checkTag, checkText, GROUP_RULE, invalid, isGroup } from './check-fields';
import { checkFilter } from './check-filter';

const OPERATION_ID = /^[A-Za-z0-9_.-]{1,100}$/;
const MAX_WHY = 1000;
const MODES = ['graceful', 'now'];

type Named<T> = T & { id: string };

export function isOperationId(id: unknown): id is string {
  return typeof id === 'string' && OPERATION_ID.test(id);
}

/** @throws InvalidOperationError naming the first field that cannot be used, ContextError and EventTooLargeError for data */
export function checkSendToMany({ id, machine, tag, event, data, by = '' }: Named<SendToMany>, eventBytes?: number): SendSpec {
  checkId(id);
  if ((machine === undefined) === (tag === undefined)) {
    throw new InvalidOperationError('machine', machine, 'and tag exclude each other; give one of them');
  }
  if (machine !== undefined && !(typeof machine === 'string' && isName(machine))) throw invalid('machine', machine, NAME_RULE);
  const target = { machine: machine ?? null, tag: tag === undefined ? null : checkTag('tag', tag) };
  if (typeof event !== 'string' || !isName(event)) throw invalid('event', event, NAME_RULE);
  checkText('by', by);
  if (data !== undefined) {
    toJson({ data }, Infinity);
    eventText(data, 'data', eventBytes);
  }
  return { id, act: 'send', ...target, event, ...(data === undefined ? {} : { data }), by, why: '' };
}

/** @throws InvalidOperationError naming the first field that cannot be used */
export function checkAct({ id, act, mode, filter, by = '', why = '' }: Named<ActOnMany>): ActSpec {
  checkId(id);
  if (!BULK_ACTS.includes(act)) throw invalid('act', act, `give one of ${BULK_ACTS.join(', ')}`);
  if (mode !== undefined && act !== 'cancel') {
    throw new InvalidOperationError('mode', mode, `is for cancel only; leave it out to ${act}`);
  }
  if (mode !== undefined && !MODES.includes(mode)) throw invalid('mode', mode, `give one of ${MODES.join(', ')}`);
  checkText('by', by);
  checkText('why', why, MAX_WHY);
  return { id, act, ...(act === 'cancel' ? { mode: mode ?? 'graceful' } : {}), filter: checkFilter(filter), by, why };
}

/** @throws InvalidOperationError naming the first field that cannot be used */
export function checkRedrive({ id, group, count, by = '', why = '' }: Named<Redrive>): RedriveSpec {
  checkId(id);
  if (!isGroup(group)) throw invalid('group', group, GROUP_RULE);
  if (count !== undefined && !(Number.isSafeInteger(count) && count >= 1)) {
    throw invalid('count', count, 'give a whole number from 1');
  }
  checkText('by', by);
  checkText('why', why, MAX_WHY);
  return { id, act: 'redrive', group, count: count ?? null, by, why };
}

function checkId(id: unknown): void {
  if (!isOperationId(id)) throw invalid('id', id, 'use 1 to 100 of A-Z a-z 0-9 _ . -');
}
