import { BadValue, type Parser } from './parsers';

const SINGLE = 'redis://[user:password@]host[:port][/database]';
const CLUSTER = 'redis-cluster://[user:password@]host[:port],host[:port]';
const SENTINEL = 'redis-sentinel://[user:password@]host[:port],host[:port]/name';
const TLS = 'with rediss for TLS';
const POSTGRES = 'postgres://user:password@host[:port]/database[?sslmode=verify-full]';

const MANY = /^rediss?-(cluster|sentinel):\/\/(?:[^@]*@)?([^/?@]*)(?:\/([^/?]*))?(?:\?.*)?$/i;
const ADDRESS = /^(?:\[[0-9a-f:.]+\]|[A-Za-z0-9_.-]+)(?::(\d{1,5}))?$/i;

/** Of one Redis, of a cluster, or of sentinels. */
export const redisUrl: Parser<string> = (text) => {
  if (/^rediss?-/i.test(text)) return checkMany(text);
  if (!isSingle(text)) throw new BadValue(`give ${SINGLE}, ${CLUSTER} or ${SENTINEL}, ${TLS}`);
  return text;
};

/** Of a Redis (sentinels may lead to it) or of PostgreSQL. A cluster keeps leases beside its machines only. */
export const leaseUrl: Parser<string> = (text) => {
  if (/^rediss?-cluster:/i.test(text)) {
    throw new BadValue(`leases of their own are kept by one server; give ${SINGLE}, ${SENTINEL} or ${POSTGRES}, or unset it`);
  }
  if (/^rediss?-/i.test(text)) return checkMany(text);
  if (!isSingle(text) && !isPostgres(text)) throw new BadValue(`give ${SINGLE} or ${SENTINEL}, ${TLS}; or ${POSTGRES}`);
  return text;
};

/** What a URL names, each as `host:port`, for sentinels with the name of the master behind it. */
export function serversOf(url: string): string[] {
  const [, kind, hosts = '', name = ''] = MANY.exec(url) ?? [];
  if (kind === undefined) {
    const { protocol, hostname, port } = new URL(url);
    return [server(hostname, port || (protocol.startsWith('postgres') ? '5432' : '6379'))];
  }
  const sentinel = kind.toLowerCase() === 'sentinel';
  return hosts.split(',').map((text) => {
    const { hostname, port } = new URL(`redis://${text}`);
    return server(hostname, port || (sentinel ? '26379' : '6379')) + (sentinel ? `/${name}` : '');
  });
}

function server(hostname: string, port: string): string {
  const local = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/i.test(hostname);
  return `${local ? 'localhost' : hostname.toLowerCase()}:${port}`;
}

function checkMany(text: string): string {
  const [, kind = '', hosts = '', name = ''] = MANY.exec(text) ?? [];
  const sentinel = kind.toLowerCase() === 'sentinel';
  const form = sentinel ? SENTINEL : CLUSTER;
  if (kind === '') throw new BadValue(`give ${CLUSTER} or ${SENTINEL}, ${TLS}`);
  if (!hosts.split(',').every(isAddress)) throw new BadValue(`name hosts and ports, separated by commas: ${form}`);
  if (sentinel && name === '') throw new BadValue(`name the master that the sentinels watch: ${SENTINEL}`);
  if (!sentinel && name !== '') throw new BadValue(`a cluster has one database, which is not named: ${CLUSTER}`);
  return text;
}

function isAddress(text: string): boolean {
  const found = ADDRESS.exec(text);
  const port = Number(found?.[1] ?? 1);
  return found !== null && port >= 1 && port <= 65_535;
}

function isSingle(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname } = new URL(text);
  return /^rediss?:$/.test(protocol) && hostname !== '' && /^(\/\d*)?$/.test(pathname);
}

/** One server, named where it can be compared with others (rule S2): its client would take `?host=` before the host of the URL. */
function isPostgres(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname, searchParams } = new URL(text);
  const elsewhere = ['host', 'hostaddr', 'port'].some((name) => searchParams.has(name));
  return /^postgres(ql)?:$/.test(protocol) && /^[^,%]+$/.test(hostname) && /^\/[^/]+$/.test(pathname) && !elsewhere;
}
