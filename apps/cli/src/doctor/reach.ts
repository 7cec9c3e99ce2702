import type { Reach } from './judge-rights';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i;

export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/** @param url of one server or, with commas between them, of several */
export function reachOf(url: string): Reach {
  const [, hosts = ''] = /^[a-z-]+:\/\/(?:[^@/]*@)?([^/?#]*)/i.exec(url) ?? [];
  const names = hosts.split(',').map((host) => host.replace(/:\d+$/, ''));
  return { loopback: names.every(isLoopback), tls: /^rediss\b/i.test(url) };
}
