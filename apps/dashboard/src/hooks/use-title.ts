import { useEffect } from 'preact/hooks';

/** Of the window; says first what tells it from the other ones. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === '' ? 'Stile' : `${title} · Stile`;
  }, [title]);
}
