import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from '../report/quantile';
import { settled } from '../rig/harvest';
import { harvested, type HistoryEntry } from '../rig/history';
import { withRig, type Rig } from '../rig/rig';
import type { Fault, Outcome } from './fault';

const LEASE_MS = 1000;
/** Shorter than many of the steps. */
const SHUTDOWN_MS = 300;
/** What the runtime promises: it ends two seconds after that, whatever Redis does. */
const IN_TIME_MS = SHUTDOWN_MS + 2000;
const SLOW_MS = 800;

/** All workers are replaced one after the other, as a deployment does, again and again while the load goes on. */
export const rollingRestart: Fault = {
  name: 'rolling-restart',
  title: 'a rolling restart of all workers under load',
  target: `nothing stranded, no machine failed and no retry spent because of it; each worker ends with 0 within ${IN_TIME_MS} ms`,
  quickSeconds: 15,
  run: (pass) =>
    withRig(pass, { task: { leaseTtlMs: LEASE_MS, shutdownMs: SHUTDOWN_MS } }, async (rig) => {
      const quick = pass.size === 'quick';
      await rig.fleet.spawnReady(quick ? 2 : 3);
      const calm = await completionTimes(rig, () => sleep(quick ? 2500 : 60_000));
      const ends: { how: number | string; ms: number }[] = [];
      const rolling = await completionTimes(rig, async () => {
        for (let round = 0; round < (quick ? 2 : 20); round++) {
          ends.push(...(await restartAll(rig)));
          pass.say(`round ${round}: ${ends.length} restarts`);
        }
      });
      const stops = ends.map(({ ms }) => ms);
      const figures = {
        'without restarts p50 ms': quantile(calm, 0.5),
        'p99 ms': quantile(calm, 0.99),
        'with restarts p50 ms': quantile(rolling, 0.5),
        'with restarts p99 ms': quantile(rolling, 0.99),
        'stop p50 ms': quantile(stops, 0.5),
        'stop max ms': Math.max(...stops),
      };
      const said = ({ how, ms }: (typeof ends)[number]): string => `a worker ended with ${how} after ${Math.round(ms)} ms`;
      const missed = ends.filter(({ how }) => how !== 0).map(said);
      const late = ends.filter(({ ms }) => ms > IN_TIME_MS).map(said);
      const handedOver = rig.fleet.all
        .flatMap((worker) => worker.lines())
        .filter(({ text }) => text.includes(' is handed over in step '));
      if (handedOver.length === 0) missed.push('no step was handed over: none was longer than the time of a shutdown');
      const injected = { restarts: ends.length, 'steps handed over': handedOver.length };
      return judge(rig, await rig.finish({ injected, missed, late, figures }));
    }),
};

/** The same load before, with and without. @returns how long its chains took from start to end, ms by the server's clock */
async function completionTimes(rig: Rig, meanwhile: () => Promise<unknown>): Promise<number[]> {
  const before = new Set(rig.load.expected.keys());
  let over = false;
  const load = (async () => {
    for (let i = 0; !over; i++) {
      const slow = (j: number): Promise<void> =>
        rig.load.start('slow', `w${before.size}.${i}.${j}`, { ms: Math.round(rig.pass.random() * SLOW_MS) });
      await Promise.all([rig.load.chains(4), rig.load.mixed(2), slow(0), slow(1), sleep(250)]);
    }
  })();
  await meanwhile();
  over = true;
  await load;
  const chains = [...rig.load.expected].filter(([id, machine]) => machine === 'chain' && !before.has(id)).map(([id]) => id);
  await settled(rig.admin, rig.client, chains, 20_000);
  const views = await Promise.all(chains.map((id) => rig.client.machines.get(id)));
  return views.flatMap((view) => (view?.finishedAt ? [Date.parse(view.finishedAt) - Date.parse(view.createdAt)] : []));
}

async function restartAll(rig: Rig): Promise<{ how: number | string; ms: number }[]> {
  const ends: { how: number | string; ms: number }[] = [];
  for (const worker of rig.fleet.alive) {
    const began = Date.now();
    worker.kill('SIGTERM');
    rig.fault('sigterm', worker.name);
    const { how, at } = await worker.exited;
    ends.push({ how, ms: at - began });
    await rig.fleet.spawnReady(1);
  }
  return ends;
}

function judge(rig: Rig, outcome: Outcome): Outcome {
  const spent = harvested(rig.logFolder).history.filter((item) => item.outcome === 'failed' && !failsByItself(item));
  const missed = spent
    .slice(0, 5)
    .map(({ correlationId, steps, code }) => `${correlationId} spent a retry at step ${steps}: ${code}`);
  return { ...outcome, missed: [...outcome.missed, ...missed], figures: { ...outcome.figures, 'retries spent': spent.length } };
}

/** Every tenth order does, once: see worker/machines.ts. */
function failsByItself({ correlationId, to, retries }: HistoryEntry): boolean {
  return correlationId.endsWith('7') && to === 'reserve' && retries === 0;
}
