import { useEffect, useState } from 'preact/hooks';
import { hrefOf, routeOf, type Route } from '../logic/routes';

export function useRoute(): Route {
  const [route, setRoute] = useState(() => routeOf(location.hash));
  useEffect(() => {
    const read = (): void => setRoute(routeOf(location.hash));
    addEventListener('hashchange', read);
    return () => removeEventListener('hashchange', read);
  }, []);
  return route;
}

export function go(route: Route): void {
  location.hash = hrefOf(route);
}

/** As {@link go}, without a step in the browser's history: for a filter that changes with each key. */
export function replaceRoute(route: Route): void {
  history.replaceState(null, '', hrefOf(route));
  dispatchEvent(new HashChangeEvent('hashchange'));
}
