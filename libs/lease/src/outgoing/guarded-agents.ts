import { lookup as resolve, type LookupAddress, type LookupOptions } from 'node:dns';
import { Agent as HttpAgent, type AgentOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import { blockedAddresses } from './blocked-addresses';

export interface OutgoingOptions {
  /** Addresses and networks that may be connected to although they are not public, such as `10.1.0.0/16`. @default none */
  readonly allow?: readonly string[];
  /** For tests: resolves names as `dns.lookup` does with `all`. @default dns.lookup */
  readonly resolve?: (
    host: string,
    options: LookupOptions & { all: true },
    done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
  ) => void;
}

/** The request would have gone to a private, link-local, loopback or other address that is not public. Nothing was sent. */
export class BlockedAddressError extends Error {
  readonly code = 'ADDRESS_BLOCKED';
  constructor(
    readonly host: string,
    readonly address: string,
  ) {
    const is = host === address ? host : `${host} is ${address}, which`;
    super(`${is} is not a public address: no request is made to it; list it in "allow" if it is meant`);
    this.name = 'BlockedAddressError';
  }
}

type Connect = (
  options: { host?: string | null; path?: string | null },
  done: (error: Error | null, stream?: Duplex) => void,
) => Duplex | null | undefined;

/**
 * Agents that connect to public addresses only, for `http.request` and every client that takes an agent.
 *
 * What is connected to is what was judged: the name is resolved once, by the connection itself, so an answer that changes between a look and the
 * connection (DNS rebinding) changes nothing. A name with any address that is blocked is refused as a whole.
 *
 * @throws RangeError for an entry of `allow` that is no address and no network
 */
export function guardedAgents(options: OutgoingOptions = {}): { readonly http: HttpAgent; readonly https: HttpsAgent } {
  const blocked = blockedAddresses(options.allow);
  const agent: AgentOptions = { keepAlive: true, timeout: 60_000, lookup: guardedLookup(blocked, options.resolve) };
  return { http: guard(new HttpAgent(agent), blocked), https: guard(new HttpsAgent(agent), blocked) };
}

/** An address in the URL itself is never looked up: it is judged here. A path is one of a socket in the file system. */
function guard<T extends HttpAgent>(agent: T, blocked: (address: string) => boolean): T {
  const plain = agent as unknown as { createConnection: Connect };
  const connect: Connect = plain.createConnection.bind(agent);
  plain.createConnection = (options, done) => {
    const host = (options.host ?? '').replace(/^\[|\]$/g, '');
    const { path } = options;
    if (!path && (isIP(host) === 0 || !blocked(host))) return connect(options, done);
    done(new BlockedAddressError(path || host, path || host));
    return undefined;
  };
  return agent;
}

function guardedLookup(
  blocked: (address: string) => boolean,
  find: NonNullable<OutgoingOptions['resolve']> = resolve,
): LookupFunction {
  return (host, options, done) => {
    find(host, { ...options, all: true }, (error, addresses) => {
      const bad = error ? undefined : addresses.find(({ address }) => blocked(address));
      const [first] = addresses ?? [];
      if (error || bad || !first) {
        done(error ?? new BlockedAddressError(host, bad?.address ?? 'nowhere'), '', 0);
      } else if (options.all) {
        done(null, addresses);
      } else {
        done(null, first.address, first.family);
      }
    });
  };
}
