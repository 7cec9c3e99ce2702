import { useCallback, useEffect, useState } from 'preact/hooks';
import { onRefused } from '../api/http';
import { readSession, type Session } from '../api/session';

/**
 * Who one is here. Read once, and again when the API asks who one is. `unknown` where it cannot be read: the page shows then what it gets.
 *
 * @returns undefined until it is known, and what reads it again
 */
export function useSession(): readonly [Session | 'unknown' | undefined, () => void] {
  const [session, setSession] = useState<Session | 'unknown'>();
  const read = useCallback(() => void readSession().then(setSession, () => setSession('unknown')), []);
  useEffect(() => {
    read();
    let asked = false; // many requests are refused at once
    return onRefused(() => {
      if (asked) return;
      asked = true;
      readSession()
        .then(setSession, () => undefined)
        .finally(() => (asked = false));
    });
  }, [read]);
  return [session, read];
}
