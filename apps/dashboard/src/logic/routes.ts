/** What is shown, as the part of the address behind `#`: the API need not know the page's paths, and they never meet its own. */
export type Route =
  | { readonly view: 'definitions' }
  | { readonly view: 'definition'; readonly name: string; readonly version?: number }
  | { readonly view: 'machines'; readonly query: string }
  | { readonly view: 'machine'; readonly id: string }
  | { readonly view: 'failures' | 'workers' | 'schedules' | 'operations' }
  | { readonly view: 'nowhere'; readonly hash: string };

const PLAIN = new Set(['failures', 'workers', 'schedules', 'operations'] as const);
type Plain = typeof PLAIN extends Set<infer T> ? T : never;

export function routeOf(hash: string): Route {
  const [path = '', query = ''] = split(hash.replace(/^#?\/?/, ''), '?');
  const [first = '', second, ...more] = path.split('/').map(decode);
  if (more.length > 0) return { view: 'nowhere', hash };
  if (first === '' || (first === 'definitions' && second === undefined)) return { view: 'definitions' };
  if (first === 'definitions' && second) {
    const version = Number(new URLSearchParams(query).get('version'));
    return { view: 'definition', name: second, ...(Number.isInteger(version) && version > 0 ? { version } : {}) };
  }
  if (first === 'machines') return second ? { view: 'machine', id: second } : { view: 'machines', query };
  if (second === undefined && PLAIN.has(first as Plain)) return { view: first as Plain };
  return { view: 'nowhere', hash };
}

/** For links; the reverse of {@link routeOf}. */
export function hrefOf(route: Route): string {
  switch (route.view) {
    case 'definitions':
      return '#/';
    case 'definition':
      return `#/definitions/${encodeURIComponent(route.name)}${route.version === undefined ? '' : `?version=${route.version}`}`;
    case 'machines':
      return `#/machines${route.query === '' ? '' : `?${route.query}`}`;
    case 'machine':
      return `#/machines/${encodeURIComponent(route.id)}`;
    case 'nowhere':
      return route.hash;
    default:
      return `#/${route.view}`;
  }
}

function split(text: string, at: string): [string, string] {
  const index = text.indexOf(at);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}

/** An address that somebody has mangled is still an address. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
