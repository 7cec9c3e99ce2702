import { BlockList, isIP } from 'node:net';

/** Networks that are not for everybody: IANA's registries of special-purpose addresses, and multicast. */
const SPECIAL = {
  ipv4: [
    ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
    ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
    ...['224.0.0.0/4', '240.0.0.0/4'],
  ],
  // ::/96 and ::ffff:0:0/96 are IPv4 addresses in other clothes, 64:ff9b::/96, 2001::/32 and 2002::/16 ways to them.
  ipv6: [
    ...['::/96', '::ffff:0:0/96', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/23', '2001:db8::/32', '2002::/16'],
    ...['3fff::/20', '5f00::/16', 'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
  ],
} as const;

const special = listOf([...SPECIAL.ipv4, ...SPECIAL.ipv6]);

/**
 * Which addresses may not be connected to.
 *
 * @param allowed addresses and networks that may be in spite of it, such as `10.1.0.0/16` or `::1`
 * @throws RangeError naming one that is neither
 */
export function blockedAddresses(allowed: readonly string[] = []): (address: string) => boolean {
  const exempt = listOf(allowed);
  return (address) => {
    const bare = address.replace(/%.*$/, ''); // a zone names an interface of this host
    const family = isIP(bare);
    if (family === 0) return true;
    return special.has(bare, family) && !exempt.has(bare, family);
  };
}

/** One list for each family: in one for both IPv4 addresses would count as the IPv6 ones that stand for them. */
function listOf(networks: readonly string[]): { has(address: string, family: number): boolean } {
  const ipv4 = new BlockList();
  const ipv6 = new BlockList();
  for (const network of networks) {
    const [address = '', bits, more] = network.split('/');
    const family = isIP(address);
    const width = family === 4 ? 32 : 128;
    const prefix = bits === undefined ? width : Number(bits);
    if (family === 0 || more !== undefined || !/^\d*$/.test(bits ?? '') || bits === '' || prefix > width) {
      throw new RangeError(`allow has "${network}"; give IP addresses, or networks such as 10.1.0.0/16`);
    }
    if (family === 4) ipv4.addSubnet(address, prefix, 'ipv4');
    else ipv6.addSubnet(address, prefix, 'ipv6');
  }
  return { has: (address, family) => (family === 4 ? ipv4.check(address, 'ipv4') : ipv6.check(address, 'ipv6')) };
}
