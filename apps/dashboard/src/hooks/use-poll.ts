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
/** For what is read once, until it has been. */
const RETRY_MS = 1000;

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
    const poller = startPolling<T>(
      (signal) => loadRef.current(signal),
      everyMs,
      (result) => setState((old) => ({ key, ...('error' in result && old.key === key ? { data: old.data } : {}), ...result })),
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
  const stopped = new AbortController();
  let failures = 0;
  let busy = false;
  let again = false;

  const once = async (): Promise<void> => {
    clearTimeout(timer);
    // What is in flight may have been read before that which one wants to see: once more, but never two at a time.
    if (busy) return void (again = true);
    busy = true;
    const result = await attempt(load, stopped.signal);
    busy = false;
    if (result === 'stopped') return;
    failures = 'error' in result ? failures + 1 : 0;
    told(result);
    if ('error' in result && result.error.isMissingRoute) return; // it will not come by asking
    if (again) {
      again = false;
      void once();
    } else if (everyMs !== undefined) later();
    else if (failures > 0) later(RETRY_MS);
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
      stopped.abort();
      clearTimeout(timer);
      offLink();
      document.removeEventListener('visibilitychange', look);
    },
  };
}

async function attempt<T>(
  load: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<{ data: T } | { error: ApiError } | 'stopped'> {
  try {
    const data = await load(signal);
    return signal.aborted ? 'stopped' : { data };
  } catch (error) {
    if (signal.aborted) return 'stopped';
    return { error: error instanceof ApiError ? error : pageFault(error) };
  }
}

/** An answer that this page cannot read, for instance. */
function pageFault(error: unknown): ApiError {
  return new ApiError({ status: 0, code: 'PAGE', title: 'The page has a fault', detail: String(error) });
}
