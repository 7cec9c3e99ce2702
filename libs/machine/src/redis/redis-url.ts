/** Host and port of a server. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

interface Common {
  readonly tls: boolean;
  readonly username?: string;
  readonly password?: string;
}

/** What a URL says, in parts. */
export type RedisPlace =
  /** One server; its URL is what the client reads. */
  | { readonly kind: 'single'; readonly url: string }
  /** Some nodes of a cluster: it tells of the others. */
  | (Common & { readonly kind: 'cluster'; readonly nodes: readonly Address[] })
  /** The sentinels of the master called `name`. User and password are those of the master; sentinels have their own. */
  | (Common & {
      readonly kind: 'sentinel';
      readonly nodes: readonly Address[];
      readonly name: string;
      readonly sentinelUsername?: string;
      readonly sentinelPassword?: string;
    });

/** Or the path of a socket. */
const SINGLE = /^(?:rediss?:\/\/|unix:|\/)/i;
const SCHEME =
  /^redis(?<tls>s?)-(?<kind>cluster|sentinel):\/\/(?:(?<who>[^@]*)@)?(?<hosts>[^/?@]+)(?:\/(?<name>[^/?]*))?(?:\?(?<query>.*))?$/i;
const HOST = /^(?<host>\[[0-9a-f:.]+\]|[^:\s[\]]+)(?::(?<port>\d{1,5}))?$/i;

const FORMS =
  'redis://, rediss://, redis-cluster://[user:password@]host:port,host:port or redis-sentinel://[user:password@]host:port,host:port/name';

/**
 * Reads `redis://…`, `redis-cluster://[user:password@]host[:6379],…` and `redis-sentinel://[user:password@]host[:26379],…/name`, each with
 * `rediss` for TLS.
 *
 * @throws Error naming the forms, never the URL: it may carry a password
 */
export function readRedisUrl(url: string): RedisPlace {
  // The client would take these for its default, a Redis on this host that may be another's: unset variables of plain JavaScript, `host:port`.
  if (typeof url !== 'string' || url === '') throw new Error(`the URL of Redis is not set; give ${FORMS}`);
  if (SINGLE.test(url)) return { kind: 'single', url };
  const { tls = '', kind = '', who, hosts = '', name = '', query = '' } = SCHEME.exec(url)?.groups ?? {};
  const sentinel = kind.toLowerCase() === 'sentinel';
  if (kind === '' || (name === '') === sentinel) throw new Error(`a URL of Redis is none; give ${FORMS}`);
  const nodes = hosts.split(',').map((text) => readAddress(text, sentinel ? 26_379 : 6379));
  const common = { nodes, tls: tls !== '', ...readCredentials(who) };
  if (!sentinel) return { kind: 'cluster', ...common };
  const params = new URLSearchParams(query);
  const sentinelUsername = params.get('sentinelUsername') ?? undefined;
  const sentinelPassword = params.get('sentinelPassword') ?? undefined;
  return {
    ...{ kind: 'sentinel', ...common, name: decodeURIComponent(name) },
    ...(sentinelUsername === undefined ? {} : { sentinelUsername }),
    ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
  };
}

/** Where it is, for messages: no user, no password. */
export function placeOf(url: string): string {
  const place = readRedisUrl(url);
  if (place.kind === 'single') {
    if (!URL.canParse(url)) return url.startsWith('/') ? url : 'an address that is no URL'; // the path of a socket
    const { hostname, port } = new URL(url);
    return `${hostname}:${port || 6379}`;
  }
  const hosts = place.nodes.map(({ host, port }) => `${host}:${port}`).join(',');
  return place.kind === 'cluster' ? hosts : `${hosts}/${place.name}`;
}

function readAddress(text: string, usual: number): Address {
  const { host, port } = HOST.exec(text)?.groups ?? {};
  const number = port === undefined ? usual : Number(port);
  if (host === undefined || number < 1 || number > 65_535) throw new Error(`a URL of Redis names a bad host; give ${FORMS}`);
  return { host: host.replace(/^\[|\]$/g, ''), port: number };
}

function readCredentials(who: string | undefined): Pick<Common, 'username' | 'password'> {
  if (who === undefined) return {};
  const colon = who.indexOf(':');
  const [username, password] = colon < 0 ? [who, ''] : [who.slice(0, colon), who.slice(colon + 1)];
  return {
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
  };
}
