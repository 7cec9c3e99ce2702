import { setTimeout as sleep } from 'node:timers/promises';
import { StileClient } from '@stile/client';
import { quantile } from '../report/quantile';
import { overHttp } from '../load/load-client';
import { Deployment, type Ending } from '../rig/deployment';
import { settled } from '../rig/harvest';
import { stepLatencies } from '../rig/step-latencies';
import { withRig, type Rig } from '../rig/rig';
import type { Fault, Outcome, Pass } from './fault';

const LEASE_MS = 15_000;
/** Longer than any step, so that a drain hands nothing over. */
const SHUTDOWN_MS = 3000;
const SLOW_MS = 300;
const RATIO = 3;
/**
 * A step that was left lying is found by the watch two seconds after its commit, or when its lease is over; whatever comes sooner was waited for
 * by nobody but the processor. So this tells the two apart on a machine that others use, too, which the ratio does not.
 */
const LEFT_LYING_MS = 1000;

/**
 * A new version is rolled out and back, over and over: APIs and workers are asked to go one at a time, under load that comes over HTTP. At any
 * moment some workers have version 2 of a definition and some have not, with other settings of leases and claims; half of the starts are
 * pinned to version 1, the others take the highest there is.
 */
export const rollingDeploy: Fault = {
  name: 'rolling-deploy',
  title: 'a rolling deploy of APIs and workers, versions mixed, load over HTTP',
  target: `no start or event refused, no machine failed, all end; step p99 within ${RATIO} x of before; each process ends with 0`,
  quickSeconds: 40,
  run: (pass) => withRig(pass, { task: { leaseTtlMs: LEASE_MS, shutdownMs: SHUTDOWN_MS } }, (rig) => run(pass, rig)),
};

async function run(pass: Pass, rig: Rig): Promise<Outcome> {
  const quick = pass.size === 'quick';
  const deployment = await Deployment.start(rig, { apis: 2, workers: 3 });
  try {
    const client = new StileClient({ url: deployment.url, retries: 5 });
    rig.load.sendThrough(overHttp(client, (machine) => (machine === 'chain' && pass.random() < 0.5 ? 1 : undefined)));
    await underLoad(rig, client, () => sleep(1500)); // what is compiled while it runs is compiled now
    const calm = await underLoad(rig, client, () => sleep(quick ? 4000 : 60_000));
    const ends: Ending[] = [];
    const rolling = await underLoad(rig, client, async () => {
      // Quick, 20 restarts: an API takes two or three times as long to start as a worker.
      for (let round = 0; round < (quick ? 5 : 20); round++) {
        ends.push(...(await deployment.roll(round, quick ? 1 : 2)));
        pass.say(`round ${round}: ${ends.length} restarts`);
      }
    });
    const versions = await versionsOf(rig);
    return await rig.finish({ ...judge(rig, { calm, rolling, ends, versions }), injected: { restarts: ends.length } });
  } finally {
    await deployment.end();
  }
}

interface Seen {
  /** How long steps took, ms. */
  readonly calm: readonly number[];
  readonly rolling: readonly number[];
  readonly ends: readonly Ending[];
  /** Chains by their version. */
  readonly versions: ReadonlyMap<number, number>;
}

function judge(rig: Rig, { calm, rolling, ends, versions }: Seen): Pick<Outcome, 'missed' | 'late' | 'figures'> {
  const [before, meanwhile] = [quantile(calm, 0.99), quantile(rolling, 0.99)];
  const missed = ends.filter(({ how }) => how !== 0).map(({ what, how }) => `${what} ended with ${how}`);
  if (rig.load.refused > 0) missed.push(`${rig.load.refused} requests were given up by their client`);
  for (const version of [1, 2]) if (!versions.get(version)) missed.push(`no chain of version ${version} was run`);
  const told = `the p99 of steps was ${Math.round(meanwhile)} ms, ${Math.round(before)} ms before`;
  if (meanwhile > Math.max(RATIO * before, LEFT_LYING_MS)) missed.push(told);
  const stops = ends.map(({ ms }) => ms);
  return {
    missed,
    late: meanwhile > RATIO * before ? [told] : [],
    figures: {
      'before p50 ms': quantile(calm, 0.5),
      'before p99 ms': before,
      'meanwhile p50 ms': quantile(rolling, 0.5),
      'meanwhile p99 ms': meanwhile,
      'meanwhile max ms': Math.max(...rolling),
      'stop max ms': Math.max(...stops),
      'chains of version 1': versions.get(1) ?? 0,
      'chains of version 2': versions.get(2) ?? 0,
    },
  };
}

/** The same load before, with and without. @returns how long the steps of its chains took, ms by the server's clock */
async function underLoad(rig: Rig, client: StileClient, meanwhile: () => Promise<unknown>): Promise<number[]> {
  const before = new Set(rig.load.expected.keys());
  let over = false;
  const load = (async () => {
    for (let i = 0; !over; i++) {
      const id = `w${before.size}.${i}`;
      const slow = { ms: Math.round(rig.pass.random() * SLOW_MS) };
      const all = [rig.load.chains(4), rig.load.mixed(1), rig.load.start('slow', id, slow), sleep(250)];
      await Promise.all(all);
      await client.wait(id, { timeoutMs: 10_000 }); // a request that lasts is answered, too, when its API goes
    }
  })();
  await Promise.race([meanwhile(), load]); // load ends by itself only when it fails
  over = true;
  await load;
  const chains = [...rig.load.expected].filter(([id, machine]) => machine === 'chain' && !before.has(id)).map(([id]) => id);
  await settled(rig.admin, rig.client, chains, 20_000);
  return stepLatencies(rig.client, chains);
}

async function versionsOf(rig: Rig): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  for (const [id, machine] of rig.load.expected) {
    if (machine !== 'chain') continue;
    const version = (await rig.client.machines.get(id))?.version ?? 0;
    counts.set(version, (counts.get(version) ?? 0) + 1);
  }
  return counts;
}
