import { setTimeout as sleep } from 'node:timers/promises';
import { SteadyLoad } from '../load/steady-load';
import { slopeOf, type Point } from '../report/slope';
import { withRig, type Rig } from '../rig/rig';
import type { WorkerProcess } from '../rig/fleet';
import type { Fault, Outcome, Pass } from './fault';

const SHARE = 0.7;
/** Of the median, an hour. */
const FLAT = 0.01;
/**
 * How each is judged: by its slope; or by what is shown, the least slope of its interval, where what is measured swings by more than what is
 * looked for; or told only. Code is V8's, and comes to an end. What Redis has handed out is in `in use`, keys alone to the byte; `allocated` has its
 * scripts and all else, too. Its `rss` has pages that a peak has taken and keeps half empty, so the greatest peak comes first. What a worker's native
 * parts leak would be in its `rss` only.
 */
const JUDGED = {
  'worker in use': 'slope',
  'worker code': 'told',
  'worker rss': 'shown',
  'worker descriptors': 'slope',
  'redis keys': 'slope',
  'redis in use': 'shown',
  'redis allocated': 'shown',
  'redis rss': 'shown',
  'redis clients': 'slope',
} as const;
type Held = Readonly<Record<keyof typeof JUDGED, number>>;
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
  if (full) await load.flood(Math.ceil((most * STRETCH_MS) / 1000)); // what Redis holds at once is never as much again
  const minutes = full ? 30 : 0.15;
  const seen = new Map<keyof Held, Point[]>();
  const began = performance.now();
  while (performance.now() - began < minutes * 60_000) {
    await load.steady(most * SHARE, full ? STRETCH_MS : 2000);
    await load.atRest();
    const hours = (performance.now() - began) / 3_600_000;
    const held = await leastOf(full ? LOOKS : 2, () => look(rig, worker!));
    for (const [name, value] of entriesOf(held)) seen.set(name, [...(seen.get(name) ?? []), [hours, value]]);
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
    const growth = { slope: perHour, shown: least, told: 0 }[JUDGED[name]];
    if (full && growth > FLAT) missed.push(`${name} grows by ${(growth * 100).toFixed(2)} % an hour`);
  }
  return { injected: { 'bundles of load': load.done }, violations: [], missed, figures };
}

/** The least of each value. */
async function leastOf(looks: number, look: () => Promise<Held>): Promise<Held> {
  const least = { ...(await look()) };
  for (let i = 1; i < looks; i++) {
    await sleep(1000);
    for (const [name, value] of entriesOf(await look())) least[name] = Math.min(value, least[name]);
  }
  return least;
}

function entriesOf(held: Held): [keyof Held, number][] {
  return Object.entries(held) as [keyof Held, number][];
}

/**
 * What is held now, by name; memory in bytes. What Redis and BullMQ keep of the past, each within a bound of its own, is let go before:
 * filling up (BullMQ's 10,000 events of a queue, 128 slow commands) looks like a leak, and is none. Nor are buffers of connections, or
 * pages that the allocator has not given back yet.
 */
async function look(rig: Rig, worker: WorkerProcess): Promise<Held> {
  const { rss, used, code, descriptors } = await worker.sample();
  await rig.admin.slowlog('RESET');
  await rig.admin.xtrim(`${rig.client.keys.queuePrefix(0)}:machines:events`, 'MAXLEN', 0);
  await shrinkIndex(rig);
  await rig.admin.memory('PURGE');
  const info = await rig.admin.info();
  const field = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1]);
  return {
    'worker in use': used,
    'worker code': code,
    'worker rss': rss,
    'worker descriptors': descriptors,
    'redis keys': await bytesOfKeys(rig),
    'redis in use': field('used_memory') - field('mem_clients_normal'),
    'redis allocated': field('allocator_allocated') - field('mem_clients_normal'),
    'redis rss': field('used_memory_rss'),
    'redis clients': field('connected_clients'),
  };
}

/** Buckets that Redis looks through at least when it reads a table that it is emptying, and as many as a load of this kind leaves. */
const STEP = 10;
const BUCKETS = 131_072;

/**
 * The index of all ids has a hash table that is as large as its peak was: 296 KB for the ten that are left, and another time 18 KB. Redis makes it
 * smaller when something is removed from it that is a tenth full, and empties the old one step by step, as it is read.
 */
async function shrinkIndex({ admin, client }: Rig): Promise<void> {
  const key = client.keys.ids(0);
  const empty = async (): Promise<unknown> => {
    const pipeline = admin.pipeline();
    for (let i = 0; i < BUCKETS / STEP; i++) pipeline.zscore(key, '~');
    return pipeline.exec();
  };
  await empty(); // of one that it is emptying it makes no smaller one
  await admin.multi().zadd(key, 0, '~').zrem(key, '~').exec();
  await empty();
}

/** All there are, names included, each element counted. */
async function bytesOfKeys({ admin }: Rig): Promise<number> {
  let bytes = 0;
  for await (const keys of admin.scanStream({ count: 1000 }) as AsyncIterable<string[]>) {
    const pipeline = admin.pipeline();
    for (const key of keys) pipeline.memory('USAGE', key, 'SAMPLES', 0);
    for (const [error, size] of (await pipeline.exec()) ?? []) {
      if (error) throw error;
      bytes += Number(size ?? 0);
    }
  }
  return bytes;
}
