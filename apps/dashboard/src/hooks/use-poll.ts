import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../api/http';
import { onLink } from '../api/link';

export interface Polled<T> {
  /** The last that was read; stays when reading it again fails. */
  readonly data: T | undefined;
  /** Of the last attempt; undefined once one succeeds. */
  readonly error: ApiError | undefined;
  /** Reads now. */
  readonly reload: () => void;
}

const MAX_PAUSE_MS = 10_000;

/**
 * Reads something again and again: not while nobody looks (the tab is hidden), less often while it fails, at once when the API is back.
 *
 * @param key what is read; another one begins anew, and null reads nothing
 * @param everyMs undefined reads once
 */
export function usePoll<T>(key: string | null, load: (signal: AbortSignal) => Promise<T>, everyMs?: number): Polled<T> {
  const [state, setState] = useState<{ key: string | null; data?: T; error?: ApiError }>({ key });
  const loadRef = useRef(load);
  loadRef.current = load;
  const trigger = useRef<() => void>(() => undefined);

  useEffect(() => {
    if (key === null) return;
    const poller = startPolling<T>((signal) => loadRef.current(signal), everyMs, (result) =>
      setState((old) => ({ key, ...('error' in result && old.key === key ? { data: old.data } : {}), ...result })),
    );
    trigger.current = poller.now;
    return poller.stop;
  }, [key, everyMs]);

  const reload = useCallback(() => trigger.current(), []);
  const current = state.key === key ? state : undefined;
  return { data: current?.data, error: current?.error, reload };
}

interface Poller {
  readonly now: () => void;
  readonly stop: () => void;
}

function startPolling<T>(
  load: (signal: AbortSignal) => Promise<T>,
  everyMs: number | undefined,
  told: (result: { data: T } | { error: ApiError }) => void,
): Poller {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let request: AbortController | undefined;
  let failures = 0;

  const once = async (): Promise<void> => {
    clearTimeout(timer);
    request?.abort();
    const mine = (request = new AbortController());
    try {
      const data = await load(mine.signal);
      if (mine.signal.aborted) return;
      failures = 0;
      told({ data });
    } catch (error) {
      if (mine.signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      failures++;
      told({ error });
      if (error.isMissingRoute) return; // it will not come by asking
    }
    if (everyMs !== undefined) later();
    else if (failures > 0) later(1000);
  };
  const later = (ms = everyMs ?? 0): void => {
    timer = setTimeout(() => void (document.hidden ? later() : once()), Math.min(MAX_PAUSE_MS, ms * 2 ** Math.min(failures, 4)));
  };
  const look = (): void => {
    if (!document.hidden && everyMs !== undefined) void once();
  };
  const offLink = onLink(({ awaySinceMs }) => {
    if (awaySinceMs === null && failures > 0) void once();
  });
  document.addEventListener('visibilitychange', look);
  void once();
  return {
    now: () => void once(),
    stop: () => {
      request?.abort();
      clearTimeout(timer);
      offLink();
      document.removeEventListener('visibilitychange', look);
    },
  };
}
