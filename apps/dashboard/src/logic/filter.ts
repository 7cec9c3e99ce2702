import { STATUSES, type BulkAct, type OperationFilter, type Status } from '../api/types';

/** Which machines are listed: all conditions that are given must hold. Kept in the address, so a list can be passed on. */
export interface Filter {
  readonly machine?: string;
  readonly version?: number;
  readonly statuses: readonly Status[];
  readonly state?: string;
  /** `key:value`. */
  readonly tag?: string;
  /** ISO 8601, of the start. */
  readonly from?: string;
  readonly to?: string;
  readonly idPrefix?: string;
  /** Id of a group of failures. */
  readonly failure?: string;
}

export const ALL: Filter = { statuses: [] };

const TEXTS = ['machine', 'state', 'tag', 'from', 'to', 'idPrefix', 'failure'] as const;

/** What cannot be read is passed over: an old link still shows something. */
export function filterOf(query: string): Filter {
  const search = new URLSearchParams(query);
  const given = new Set((search.get('status') ?? '').split(','));
  const version = Number(search.get('version'));
  const texts = TEXTS.flatMap((name) => {
    const value = search.get(name)?.trim();
    return value ? [[name, value] as const] : [];
  });
  return {
    ...Object.fromEntries(texts),
    ...(Number.isInteger(version) && version > 0 ? { version } : {}),
    statuses: STATUSES.filter((status) => given.has(status)),
  };
}

/** The same names in the page's address and in `GET /v1/machines`. */
export function queryOf(filter: Filter): URLSearchParams {
  const search = new URLSearchParams();
  for (const name of TEXTS) {
    const value = filter[name];
    if (value) search.set(name, value);
  }
  if (filter.version !== undefined) search.set('version', String(filter.version));
  if (filter.statuses.length > 0) search.set('status', filter.statuses.join(','));
  return search;
}

/** The same as the body of `POST /v1/operations` wants it. */
export function operationFilter({ statuses, tag, ...rest }: Filter): OperationFilter {
  return {
    ...rest,
    ...(statuses.length > 0 ? { status: statuses } : {}),
    ...(tag === undefined ? {} : { tag: tagOf(tag) }),
  };
}

/** The value may hold colons, the key may not. */
function tagOf(text: string): { key: string; value: string } {
  const colon = text.indexOf(':');
  return colon < 0 ? { key: text, value: '' } : { key: text.slice(0, colon), value: text.slice(colon + 1) };
}

export function isEmpty(filter: Filter): boolean {
  return queryOf(filter).size === 0;
}

/** The statuses in which an act means something. */
const FITS: Readonly<Record<BulkAct, readonly Status[]>> = {
  retry: ['failed'],
  resume: ['paused'],
  pause: ['queued', 'running', 'waiting', 'delayed'],
  cancel: ['queued', 'running', 'waiting', 'delayed', 'paused', 'failed'],
};

/** The filter, without the machines that the act means nothing to; undefined when none is left. */
export function narrowed(filter: Filter, act: BulkAct): Filter | undefined {
  const { statuses } = filter;
  const left = statuses.length === 0 ? FITS[act] : FITS[act].filter((status) => statuses.includes(status));
  return left.length === 0 ? undefined : { ...filter, statuses: left };
}

/** `failed machines of order@2 in charge, started since 28 Nov`: for a confirm. */
export function describe(filter: OperationFilter, time: (iso: string) => string = (iso) => iso): string {
  const { machine, version, status = [], state, tag, from, to, idPrefix, failure } = filter;
  const parts = [
    `${status.length > 0 ? `${listed(status)} ` : ''}machines`,
    machine === undefined ? '' : `of ${machine}${version === undefined ? '' : `@${version}`}`,
    state === undefined ? '' : `in ${state}`,
    tag === undefined ? '' : `tagged ${tag.key}:${tag.value}`,
    idPrefix === undefined ? '' : `with ids that begin with ${idPrefix}`,
    failure === undefined ? '' : `of failure group ${failure}`,
    from === undefined ? '' : `started since ${time(from)}`,
    to === undefined ? '' : `started before ${time(to)}`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
