import { setTimeout as sleep } from 'node:timers/promises';
import { SteadyLoad } from '../load/steady-load';
import { slopeOf, type Point } from '../report/slope';
import { withRig, type Rig } from '../rig/rig';
import type { WorkerProcess } from '../rig/fleet';
import type { Fault, Outcome, Pass } from './fault';

const SHARE = 0.7;
/** Of the median, an hour. */
const FLAT = 0.01;
/** Told, and not judged: it is V8's, and ends by itself. */
const CODE = 'worker code';
const LOOPERS = 10;
/** What a machine remembers of events that it has had, and its history, are full after so many: then they grow no more. */
const REMEMBERED = 10_000;
const KEEP_MS = 2000;
/** How long the load runs between two looks at what is held. */
const STRETCH_MS = 45_000;
/**
 * Looks a second apart, at each of which all is collected and purged: V8 and the allocator give pages back in portions. Of a worker they
 * went from 135 to 98 MB in 9 s, and then stayed within 0.2 %; at the first look they swing by 5 %, which as a trend is 3 % an hour.
 */
const LOOKS = 12;

/**
 * Load that goes on and on: machines that are started, end and are dropped, and machines that live for ever on events. What workers and
 * Redis hold is looked at when all is at rest, garbage collected and the time of keeping over: what is there then has leaked, or stays
 * for good. Tombstones would stand for a day (J7): that day passes at each look.
 */
export const soak: Fault = {
  name: 'soak',
  title: 'Soak, 30 min at 70 % load',
  target: 'memory of worker and Redis flat (slope < 1 %/h after warm-up), file descriptors flat',
  quickSeconds: 30,
  run: (pass) =>
    withRig(pass, { task: { silent: true, retentionMs: KEEP_MS, leaseTtlMs: 15_000, concurrency: 50 } }, (rig) => run(pass, rig)),
};

async function run(pass: Pass, rig: Rig): Promise<Outcome> {
  const full = pass.size === 'full';
  const [worker] = await rig.fleet.spawnReady(1);
  const load = await SteadyLoad.begin(rig, LOOPERS);
  if (full) await load.wakeEach(REMEMBERED);
  await load.flood(full ? 4000 : 500); // what is compiled while it runs is compiled now
  const most = await load.flood(full ? 4000 : 1000);
  pass.say(`at most ${Math.round(most)} bundles/s; ${SHARE} of that from now on`);
  const minutes = full ? 30 : 0.15;
  const seen = new Map<string, Point[]>();
  const began = performance.now();
  while (performance.now() - began < minutes * 60_000) {
    await load.steady(most * SHARE, full ? STRETCH_MS : 2000);
    await load.atRest();
    const hours = (performance.now() - began) / 3_600_000;
    const held = await leastOf(full ? LOOKS : 2, () => look(rig, worker!));
    for (const [name, value] of Object.entries(held)) seen.set(name, [...(seen.get(name) ?? []), [hours, value]]);
    pass.say(`${(hours * 60).toFixed(1)} min: ${Object.entries(held).map(String).join(' ')}`);
  }
  await rig.close();
  const missed = load.done === 0 ? ['no machine was run'] : [];
  const figures: Record<string, number> = { minutes, 'bundles/s': most * SHARE };
  for (const [name, points] of seen) {
    const { perHour, least, most: greatest } = slopeOf(points.slice(Math.floor(points.length / 3))); // the first third: caches fill, code is compiled
    figures[`${name} %/h`] = perHour * 100;
    figures[`${name} %/h, least`] = least * 100;
    figures[`${name} %/h, most`] = greatest * 100;
    figures[`${name} at the end`] = points.at(-1)?.[1] ?? 0;
    if (full && perHour > FLAT && name !== CODE) missed.push(`${name} grows by ${(perHour * 100).toFixed(2)} % an hour`);
  }
  return { injected: { 'bundles of load': load.done }, violations: [], missed, figures };
}

/** The least of each value. */
async function leastOf(looks: number, look: () => Promise<Record<string, number>>): Promise<Record<string, number>> {
  const least = await look();
  for (let i = 1; i < looks; i++) {
    await sleep(1000);
    for (const [name, value] of Object.entries(await look())) least[name] = Math.min(value, least[name] ?? value);
  }
  return least;
}

/**
 * What is held now, by name; memory in bytes. What Redis and BullMQ keep of the past, each within a bound of its own, is let go before:
 * filling up (BullMQ's 10,000 events of a queue, 128 slow commands) looks like a leak, and is none. Nor are buffers of connections, or
 * pages that the allocator has not given back yet.
 */
async function look(rig: Rig, worker: WorkerProcess): Promise<Record<string, number>> {
  const { rss, used, code, descriptors } = await worker.sample();
  await rig.admin.slowlog('RESET');
  await rig.admin.xtrim(`${rig.client.keys.queuePrefix(0)}:machines:events`, 'MAXLEN', 0);
  await rig.admin.memory('PURGE');
  const info = await rig.admin.info();
  const field = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1]);
  return {
    'worker rss': rss,
    'worker in use': used,
    [CODE]: code,
    'redis rss': field('used_memory_rss'),
    'redis in use': field('used_memory') - field('mem_clients_normal'),
    'worker descriptors': descriptors,
    'redis clients': field('connected_clients'),
  };
}
