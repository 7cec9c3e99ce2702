import type { ArchiveQuery } from '../../core/archive';
import { rangeOf } from '../../core/machine-filter';

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** How a tag stands in the array that is indexed. PostgreSQL has no place for U+0000 in a text. */
export function tagText(key: string, value: string): string {
  return `${key}=${value}`.replaceAll('\u0000', '\uFFFD');
}

/** One page; each condition has an index in which the rows are in the order of the list. */
export function listSql(deployment: string, { filter, order, after, limit }: ArchiveQuery): Statement {
  const values: unknown[] = [];
  const conditions: string[] = [];
  /** `?` stands for the next value. */
  const add = (condition: string, ...given: readonly unknown[]): void => {
    let at = 0;
    conditions.push(condition.replaceAll('?', () => `$${values.push(given[at++])}`));
  };
  const { machine, machines, version, statuses, state, tag, idPrefix, failure } = filter;
  const { from, to } = rangeOf(filter);
  add('deployment = ?', deployment);
  if (machine !== undefined) add('machine = ?', machine);
  if (machines !== undefined) add('machine = any(?)', machines);
  if (version !== undefined) add('version = ?', version);
  if (statuses !== undefined) add('status = any(?)', statuses);
  if (state !== undefined) add('state = ?', state);
  if (tag !== undefined) add('tags @> array[?]::text[]', tagText(tag.key, tag.value));
  if (failure !== undefined) add("failure = ? and status = 'failed'", failure);
  if (from !== -Infinity) add('created_ms >= ?', from);
  if (to !== Infinity) add('created_ms < ?', to);
  // Ids are ASCII: `~` comes after all of their characters.
  if (idPrefix !== undefined) add('correlation_id >= ? and correlation_id < ?', idPrefix, `${idPrefix}~`);
  if (after && order === 'time') add('(created_ms, correlation_id) < (?, ?)', after.created, after.correlationId);
  if (after && order === 'id') {
    const { correlationId: id, created } = after;
    add('correlation_id >= ? and (correlation_id > ? or created_ms < ?)', id, id, created);
  }
  const by = order === 'time' ? 'created_ms desc, correlation_id desc' : 'correlation_id, created_ms desc';
  const where = conditions.join(' and ');
  const text = `select correlation_id, summary from stile.machine_archive where ${where} order by ${by} limit $${values.push(limit)}`;
  return { text, values };
}
