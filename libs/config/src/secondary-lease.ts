import type { Fault } from './config-error';
import { serversOf } from './redis-url';
import type { ConfigWithoutRedis } from './stile-config';

/** Rule S2: a secondary that dies together with what it stands in for is none. */
export function secondaryFaults({ redisUrl, leaseUrl, leaseSecondaryUrl: value }: ConfigWithoutRedis): Fault[] {
  if (value === undefined) return [];
  const same = [
    { variable: 'STILE_REDIS_URL', url: redisUrl },
    { variable: 'STILE_LEASE_URL', url: leaseUrl },
  ].find(({ url }) => url !== undefined && share(url, value));
  if (same === undefined) return [];
  const problem = `it is the server of ${same.variable}, with which it would fail; give another server, or unset it`;
  return [{ variable: 'STILE_LEASE_SECONDARY_URL', value, problem }];
}

/** Another database of one server is no other server. */
function share(one: string, other: string): boolean {
  const servers = serversOf(one);
  return serversOf(other).some((server) => servers.includes(server));
}
