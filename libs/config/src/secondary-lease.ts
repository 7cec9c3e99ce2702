import type { Fault } from './config-error';
import type { ConfigWithoutRedis } from './stile-config';

/** Rule S2: a secondary that dies together with what it stands in for is none. */
export function secondaryFaults({ redisUrl, leaseUrl, leaseSecondaryUrl: value }: ConfigWithoutRedis): Fault[] {
  if (value === undefined) return [];
  const same = [
    { variable: 'STILE_REDIS_URL', url: redisUrl },
    { variable: 'STILE_LEASE_URL', url: leaseUrl },
  ].find(({ url }) => url !== undefined && serverOf(url) === serverOf(value));
  if (same === undefined) return [];
  const problem = `it is the server of ${same.variable}, with which it would fail; give another server, or unset it`;
  return [{ variable: 'STILE_LEASE_SECONDARY_URL', value, problem }];
}

/** Host and port: another database of one server is no other server. */
function serverOf(url: string): string {
  const { protocol, hostname, port } = new URL(url);
  const host = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/i.test(hostname) ? 'localhost' : hostname.toLowerCase();
  return `${host}:${port || (protocol.startsWith('postgres') ? '5432' : '6379')}`;
}
