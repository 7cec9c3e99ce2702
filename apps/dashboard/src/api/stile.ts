import { operationFilter, queryOf, type Filter } from '../logic/filter';
import { ask, askText } from './http';
import type * as t from './types';

const MERGE_PATCH = 'application/merge-patch+json';
const at = encodeURIComponent;

function query(fields: Readonly<Record<string, string | number | undefined>>): string {
  const set = Object.entries(fields).filter(([, value]) => value !== undefined && value !== '');
  return set.length === 0 ? '' : `?${new URLSearchParams(set.map(([name, value]) => [name, String(value)])).toString()}`;
}

const machine = (id: string): string => `/v1/machines/${at(id)}`;

/** The routes that the page uses, one function each. All reject with ApiError. */
export const stile = {
  definitions: (signal?: AbortSignal) => ask<t.List<t.Definition>>('/v1/definitions', { signal }),
  definition: (name: string, version?: number, signal?: AbortSignal) =>
    ask<t.Definition>(`/v1/definitions/${at(name)}${query({ version })}`, { signal }),
  graph: (name: string, version?: number, signal?: AbortSignal) =>
    askText(`/v1/definitions/${at(name)}/graph${query({ version, format: 'svg' })}`, { signal }),
  figures: (name: string, version?: number, signal?: AbortSignal) =>
    ask<t.Figures>(`/v1/definitions/${at(name)}/figures${query({ version })}`, { signal }),
  counts: (signal?: AbortSignal) => ask<t.List<t.MachineCount>>('/v1/counts', { signal }),

  machines: (filter: Filter, page: { cursor?: string; limit?: number }, signal?: AbortSignal) => {
    const search = queryOf(filter);
    if (page.cursor !== undefined) search.set('cursor', page.cursor);
    if (page.limit !== undefined) search.set('limit', String(page.limit));
    const text = search.toString();
    return ask<t.MachinePage>(`/v1/machines${text === '' ? '' : `?${text}`}`, { signal });
  },
  start: (request: t.StartRequest) => ask<t.Machine>('/v1/machines', { method: 'POST', body: request }),
  machine: (id: string, signal?: AbortSignal) => ask<t.Machine>(machine(id), { signal }),
  explain: (id: string, signal?: AbortSignal) => ask<t.Explanation>(`${machine(id)}/explain`, { signal }),
  inbox: (id: string, signal?: AbortSignal) => ask<t.List<t.InboxItem>>(`${machine(id)}/inbox`, { signal }),
  dropEvent: (id: string, item: number) => ask<undefined>(`${machine(id)}/inbox/${item}`, { method: 'DELETE' }),
  children: (id: string, from: number, signal?: AbortSignal) =>
    ask<t.List<t.Child>>(`${machine(id)}/children${query({ from, limit: 100 })}`, { signal }),

  send: (id: string, event: { event: string; data?: t.Json; dedupeId?: string }) =>
    ask<{ outcome: string }>(`${machine(id)}/events`, { method: 'POST', body: event }),
  steer: (id: string, act: 'pause' | 'resume' | 'cancel' | 'retry' | 'move', body: t.Act & { mode?: string; state?: string }) =>
    ask<t.Machine>(`${machine(id)}/${act}`, { method: 'POST', body }),
  edit: (id: string, patch: t.Json, revision: string, { by, why }: t.Act) =>
    ask<t.Machine>(`${machine(id)}/context${query({ by, why })}`, {
      ...{ method: 'PATCH', body: patch, type: MERGE_PATCH },
      headers: { 'if-match': `"${revision}"` },
    }),
  replay: (id: string, body: t.Act & { step?: number; correlationId?: string }) =>
    ask<t.Machine>(`${machine(id)}/replay`, { method: 'POST', body }),

  failures: (signal?: AbortSignal) => ask<t.List<t.FailureGroup>>('/v1/failures', { signal }),
  redrive: (group: string, body: t.Act & { count: number | 'all' }) =>
    ask<{ operationId: string }>(`/v1/failures/${at(group)}/redrive`, { method: 'POST', body }),
  operate: (act: t.BulkAct, filter: Filter, body: t.Act & { mode?: string }) =>
    ask<{ operationId: string }>('/v1/operations', { method: 'POST', body: { act, filter: operationFilter(filter), ...body } }),
  operations: (signal?: AbortSignal) => ask<t.List<t.Operation>>('/v1/operations', { signal }),
  operation: (id: string, signal?: AbortSignal) => ask<t.Operation>(`/v1/operations/${at(id)}`, { signal }),
  stopOperation: (id: string) => ask<t.Operation>(`/v1/operations/${at(id)}/stop`, { method: 'POST' }),

  workers: (signal?: AbortSignal) => ask<t.List<t.Worker>>('/v1/workers', { signal }),
  schedules: (signal?: AbortSignal) => ask<t.List<t.Schedule>>('/v1/schedules', { signal }),
  trigger: (name: string) => ask<{ correlationId: string }>(`/v1/schedules/${at(name)}/trigger`, { method: 'POST' }),
  switchSchedule: (name: string, to: 'start' | 'stop') => ask<t.Schedule>(`/v1/schedules/${at(name)}/${to}`, { method: 'POST' }),
  holds: (signal?: AbortSignal) => ask<t.List<t.Hold>>('/v1/holds', { signal }),
  lift: ({ machine: name, version, state }: t.Hold) =>
    ask<undefined>(`/v1/holds${query({ machine: name, version, state })}`, { method: 'DELETE' }),
};
