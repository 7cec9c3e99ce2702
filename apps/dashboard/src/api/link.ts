/** Whether the API answers, for the notice that what is shown is old. */
export interface Link {
  /** Since when it does not; null while it does. */
  readonly awaySinceMs: number | null;
  /** When it last answered; null before it ever has. */
  readonly answeredMs: number | null;
}

let link: Link = { awaySinceMs: null, answeredMs: null };
const listeners = new Set<(link: Link) => void>();

export const currentLink = (): Link => link;

/** @returns what ends it */
export function onLink(listener: (link: Link) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function noteAnswer(): void {
  const back = link.awaySinceMs !== null;
  link = { awaySinceMs: null, answeredMs: Date.now() };
  if (back) tell();
}

export function noteSilence(): void {
  if (link.awaySinceMs !== null) return;
  link = { ...link, awaySinceMs: Date.now() };
  tell();
}

function tell(): void {
  for (const listener of listeners) listener(link);
}
