import type { Route } from './routes';

/** After `g`: where to. */
export const PLACES: Readonly<Record<string, { readonly name: string; readonly route: Route }>> = {
  d: { name: 'Definitions', route: { view: 'definitions' } },
  m: { name: 'Machines', route: { view: 'machines', query: '' } },
  f: { name: 'Failures', route: { view: 'failures' } },
  w: { name: 'Workers', route: { view: 'workers' } },
  s: { name: 'Schedules', route: { view: 'schedules' } },
  o: { name: 'Operations', route: { view: 'operations' } },
};

export type Command = { readonly do: 'search' | 'help' } | { readonly do: 'go'; readonly route: Route };

/** How long after `g` its second key counts, ms. */
const SECOND_KEY_MS = 1500;

/** Keys to commands, one for each page that is open. */
export class Shortcuts {
  private goAtMs = -Infinity;

  /** @param nowMs of any clock that goes forward */
  press(key: string, nowMs: number): Command | undefined {
    const second = nowMs - this.goAtMs < SECOND_KEY_MS;
    this.goAtMs = -Infinity;
    if (second && Object.hasOwn(PLACES, key)) {
      const place = PLACES[key];
      return place ? { do: 'go', route: place.route } : undefined;
    }
    if (key === 'g') this.goAtMs = nowMs;
    if (key === '/') return { do: 'search' };
    return key === '?' ? { do: 'help' } : undefined;
  }
}
