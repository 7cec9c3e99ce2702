import { useEffect, useState } from 'preact/hooks';
import { ApiError } from '../api/http';
import { stile } from '../api/stile';
import type { MachinePage, MachineSummary } from '../api/types';
import { filterOf, queryOf, type Filter } from '../logic/filter';
import { usePoll, type Polled } from './use-poll';

const PAGE = 50;
const FRESH_MS = 3000;
/** A page may be empty with more to come: so many are asked for in a row, then somebody has to say that it is worth it. */
const HOPS = 10;

export interface MachineList {
  readonly first: Polled<MachinePage>;
  readonly items: readonly MachineSummary[];
  /** Where it goes on; null at the end. */
  readonly next: string | null;
  readonly more: () => void;
  readonly loadingMore: boolean;
  readonly moreError: ApiError | undefined;
  /** Whether the list follows what happens; not while further pages are shown, which would jump. */
  readonly live: boolean;
  /** Back to the first page, and live. */
  readonly fresh: () => void;
}

export function useMachineList(query: string): MachineList {
  const [extra, setExtra] = useState<MachinePage>();
  const [loadingMore, setLoading] = useState(false);
  const [moreError, setMoreError] = useState<ApiError>();
  const filter = filterOf(query);
  const first = usePoll(`machines ${query}`, (signal) => gather(filter, undefined, signal), extra ? undefined : FRESH_MS);

  useEffect(() => {
    setExtra(undefined);
    setMoreError(undefined);
  }, [query]);

  const next = extra ? extra.next : (first.data?.next ?? null);
  const more = (): void => {
    if (next === null || loadingMore) return;
    setLoading(true);
    setMoreError(undefined);
    gather(filter, next)
      .then((page) => setExtra((old) => ({ items: [...(old?.items ?? []), ...page.items], next: page.next })))
      .catch((error: unknown) => setMoreError(error instanceof ApiError ? error : undefined))
      .finally(() => setLoading(false));
  };
  const items = unique([...(first.data?.items ?? []), ...(extra?.items ?? [])]);
  return { first, items, next, more, loadingMore, moreError, live: extra === undefined, fresh: () => setExtra(undefined) };
}

async function gather(filter: Filter, cursor: string | undefined, signal?: AbortSignal): Promise<MachinePage> {
  const items: MachineSummary[] = [];
  let next: string | null = cursor ?? null;
  for (let hop = 0; hop < HOPS; hop++) {
    const page: MachinePage = await stile.machines(filter, { limit: PAGE, ...(next === null ? {} : { cursor: next }) }, signal);
    items.push(...page.items);
    next = page.next;
    if (next === null || items.length >= PAGE) break;
  }
  return { items, next };
}

/** One that was started again under its id while pages were read is there twice. */
function unique(items: readonly MachineSummary[]): MachineSummary[] {
  return [...new Map(items.map((item) => [item.correlationId, item])).values()];
}

const COUNT_PAGE = 200;
const COUNT_HOPS = 5;

/** How many machines match, by looking: exact up to some hundreds, else `at least`. */
export async function countByLooking(filter: Filter): Promise<{ readonly count: number; readonly exact: boolean }> {
  let [count, cursor]: [number, string | null] = [0, null];
  for (let hop = 0; hop < COUNT_HOPS; hop++) {
    const page: MachinePage = await stile.machines(filter, { limit: COUNT_PAGE, ...(cursor === null ? {} : { cursor }) });
    count += page.items.length;
    cursor = page.next;
    if (cursor === null) return { count, exact: true };
  }
  return { count, exact: false };
}

/** The same query whatever the order of its fields. */
export const plainQuery = (query: string): string => queryOf(filterOf(query)).toString();
