import { setTimeout as sleep } from 'node:timers/promises';
import { OUTAGE_TARGET, undergo } from './outage';
import type { Link } from '../rig/proxy';
import type { Fault, Pass } from './fault';

const RESET_SHARE = 0.05;
const ONE_WAY_MS = 100;

const seconds = (pass: Pass, quick: number, full: number): number => (pass.size === 'quick' ? quick : full) * 1000;

/** Each chunk of bytes has this chance to be the last of its connection. */
export const resets: Fault = {
  name: 'resets',
  title: '5 % connection resets',
  target: OUTAGE_TARGET,
  passes: 2,
  quickSeconds: 12,
  run: (pass) => {
    let cuts = 0;
    return undergo(pass, 'resets', {
      rig: { proxied: true },
      lastsMs: seconds(pass, 3, 30),
      begin: ({ proxy }) => {
        proxy.rule = () => {
          if (pass.random() >= RESET_SHARE) return 'pass';
          cuts++;
          return 'cut';
        };
      },
      end: ({ proxy }) => {
        proxy.rule = () => 'pass';
      },
      injected: () => ({ resets: cuts }),
    });
  },
};

export const latency: Fault = {
  name: 'latency',
  title: `${2 * ONE_WAY_MS} ms more for each round trip`,
  target: OUTAGE_TARGET,
  quickSeconds: 12,
  run: (pass) => {
    let chunks = 0;
    return undergo(pass, 'latency', {
      rig: { proxied: true },
      lastsMs: seconds(pass, 3, 30),
      begin: ({ proxy }) => {
        proxy.rule = async ({ at }): Promise<'pass'> => {
          chunks++;
          const left = at + ONE_WAY_MS - performance.now();
          if (left > 0) await sleep(left);
          return 'pass';
        };
      },
      end: ({ proxy }) => {
        proxy.rule = () => 'pass';
      },
      injected: () => ({ 'chunks delayed': chunks }),
    });
  },
};

/** For a while nothing passes and nobody is told; then all goes on, or all connections are reset. */
function halfOpen(name: string, how: string, then: 'thaw' | 'cut'): Fault {
  return {
    name,
    title: `Half-open sockets for 10 s, ${how}`,
    target: OUTAGE_TARGET,
    passes: 2,
    quickSeconds: 13,
    run: (pass) => {
      let links = 0;
      return undergo(pass, 'half-open', {
        rig: { proxied: true },
        lastsMs: seconds(pass, 3, 10),
        begin: ({ proxy }) => {
          links = proxy.links.size;
          proxy.freeze();
        },
        end: ({ proxy }) => {
          if (then === 'cut') proxy.cutAll();
          proxy.thaw();
        },
        injected: () => ({ 'links frozen': links }),
      });
    },
  };
}

export const halfOpenThaw = halfOpen('half-open', 'then all goes on', 'thaw');
export const halfOpenCut = halfOpen('half-open-cut', 'then reset', 'cut');

/**
 * What a firewall does that has forgotten its connections: all that there are is swallowed for good and nobody is told, while new ones
 * would do. The fault counts as over after ten seconds: by then whoever waits for an answer must have given the connection up.
 */
export const halfOpenLost: Fault = {
  name: 'half-open-lost',
  title: 'Half-open sockets, never to come back',
  target: OUTAGE_TARGET,
  passes: 2,
  quickSeconds: 30,
  run: (pass) => {
    let lost: ReadonlySet<Link> = new Set();
    return undergo(pass, 'half-open-lost', {
      rig: { proxied: true },
      lastsMs: 10_000,
      begin: ({ proxy }) => {
        lost = new Set(proxy.links);
        proxy.rule = ({ link }) => (lost.has(link) ? 'drop' : 'pass');
      },
      end: () => undefined,
      injected: () => ({ 'links lost': lost.size }),
    });
  },
};
