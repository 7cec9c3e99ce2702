import type { Clock } from '@stile/lease';

/**
 * Runs `work` with a signal of its own, which is aborted when the outer one is, or with `error` when the time is over. Then it rejects
 * without waiting any longer: work that ignores its signal goes on alone, and whatever it writes late is refused by its fence.
 */
export async function withTimeLimit<T>(
  clock: Clock,
  limit: { readonly ms: number; readonly error: () => Error },
  outer: () => AbortSignal,
  work: (signal: () => AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let combined: AbortSignal | undefined;
  let stop!: (error: Error) => void;
  const over = new Promise<never>((_, reject) => (stop = reject));
  const timer = clock.after(limit.ms, () => {
    const error = limit.error();
    controller.abort(error);
    stop(error);
  });
  const running = work(() => (combined ??= AbortSignal.any([outer(), controller.signal])));
  running.catch(() => undefined); // what it comes to when nobody waits for it any more
  try {
    return await Promise.race([running, over]);
  } finally {
    timer.cancel();
  }
}
