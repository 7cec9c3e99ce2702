import { useEffect, useState } from 'preact/hooks';

export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly href?: string;
}

const SHOWN_MS = 7000;
let notices: readonly Notice[] = [];
let lastId = 0;
const listeners = new Set<(notices: readonly Notice[]) => void>();

/** Says that something was done, for some seconds. What went wrong is not said here, but where it happened. */
export function notify(text: string, href?: string): void {
  const notice = { id: ++lastId, text, ...(href === undefined ? {} : { href }) };
  put([...notices, notice].slice(-3));
  setTimeout(() => dismiss(notice.id), SHOWN_MS);
}

export function dismiss(id: number): void {
  put(notices.filter((notice) => notice.id !== id));
}

function put(next: readonly Notice[]): void {
  notices = next;
  for (const listener of listeners) listener(notices);
}

export function useNotices(): readonly Notice[] {
  const [shown, setShown] = useState(notices);
  useEffect(() => {
    listeners.add(setShown);
    setShown(notices);
    return () => void listeners.delete(setShown);
  }, []);
  return shown;
}
