import { blockedAddresses } from './blocked-addresses';

const blocked = blockedAddresses();

it.each([
  ...['0.0.0.0', '10.0.0.1', '100.64.0.1', '100.127.255.255', '127.0.0.1', '127.9.9.9', '169.254.169.254', '172.16.0.1'],
  ...['172.31.255.255', '192.0.0.1', '192.168.1.1', '198.18.0.1', '224.0.0.1', '239.255.255.255', '255.255.255.255'],
  ...['::', '::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '::ffff:8.8.8.8', '64:ff9b::a00:1'],
  ...['2002:a00:1::', 'fc00::1', 'fd12:3456::1', 'fe80::1', 'fe80::1%eth0', 'ff02::1'],
  ...['', 'localhost', '127.1', '0x7f.1'],
])('blocks %s', (address) => expect(blocked(address)).toBe(true));

it.each([
  ...['1.1.1.1', '8.8.8.8', '100.63.255.255', '100.128.0.1', '172.15.0.1', '172.32.0.1', '192.167.1.1', '223.255.255.255'],
  ...['2606:4700::1111', '2a00:1450::8a'],
])('lets %s pass', (address) => expect(blocked(address)).toBe(false));

it('lets pass what is allowed, and nothing beside it', () => {
  const own = blockedAddresses(['10.1.0.0/16', '127.0.0.1', 'fd00::/8']);
  expect(['10.1.2.3', '127.0.0.1', 'fd00::1'].map(own)).toEqual([false, false, false]);
  expect(['10.2.0.1', '127.0.0.2', 'fc00::1'].map(own)).toEqual([true, true, true]);
});

it.each(['localhost', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '::/129', '10.0.0.0/-1'])('refuses to allow %s', (network) => {
  expect(() => blockedAddresses([network])).toThrow(`allow has "${network}"; give IP addresses, or networks such as 10.1.0.0/16`);
});
