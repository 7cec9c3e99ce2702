import { useEffect, useState } from 'preact/hooks';
import { serverNow } from '../api/server-clock';

const TICK_MS = 1000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** The server's time, ms, anew each second: one timer for all that shows a time. */
export function useNow(): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const tick = (): void => setNow(serverNow());
    tick(); // what is new on the page must not show an older time than what it shows
    listeners.add(tick);
    timer ??= setInterval(() => listeners.forEach((listener) => listener()), TICK_MS);
    return () => {
      listeners.delete(tick);
      if (listeners.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  }, []);
  return now;
}
