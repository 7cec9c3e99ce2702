import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { flag, option, text } from '../options';
import { report, type Figures } from '../report';
import { threeMasters } from './cluster';
import { ended } from './ended';
import { Live, type Sizes } from './live';
import { rowsOf } from './rows';
import { spread } from './spread';
import { oneRedis } from './target';

/**
 * How Stile grows: with partitions and worker processes, and with machines that wait. All in one run, round after round, so that what else
 * this machine does falls on all alike: ratios are the figures to keep.
 *
 * `--quick` about 3 minutes: `--rounds 1 --scale 0.1` · `--rounds 3` rounds · `--scale 1` size of each measurement, and of the largest
 * numbers of waiting machines · `--only spread,live,ended` parts · `--out bench-results-scale.json`
 */
async function main(): Promise<void> {
  const quick = flag('--quick');
  const rounds = option('--rounds', quick ? 1 : 3);
  const scale = option('--scale', quick ? 0.1 : 1);
  const parts = (text('--only') ?? 'spread,live,ended').split(',');
  const sizes: Sizes = { few: 1000, many: Math.max(10_000, size(100_000, scale)), most: size(1_000_000, scale) };
  const results: Figures[] = Array.from({ length: rounds }, () => ({}));
  const add = (round: number, figures: Figures): void => void Object.assign(results[round] as object, figures);

  if (parts.includes('spread')) {
    const one = await oneRedis({ log: true });
    const cluster = await threeMasters();
    for (let round = 0; round < rounds; round++) {
      tell(`spread, round ${round + 1} of ${rounds}`);
      add(round, await spread(one, 'one', scale));
      add(round, await spread(cluster, 'cluster', scale));
    }
    await Promise.all([one.stop(), cluster.stop()]);
  }
  if (parts.includes('ended')) {
    const one = await oneRedis({ log: false });
    for (let round = 0; round < rounds; round++) {
      tell(`ended, round ${round + 1} of ${rounds}`);
      add(round, await ended(one, scale));
    }
    await one.stop();
  }
  if (parts.includes('live')) {
    tell(`${sizes.few}, ${sizes.many} and ${sizes.most} machines are brought to wait`);
    const live = await Live.fill(sizes);
    add(0, live.filling);
    for (let round = 0; round < rounds; round++) {
      tell(`live, round ${round + 1} of ${rounds}`);
      add(round, await live.round(round, scale, quick ? 5 : 10));
    }
    await live.close();
  }

  const { table, json } = report(results, rowsOf(sizes));
  console.log(table);
  console.log(`\n${LIMITS}`);
  const out = text('--out') ?? 'bench-results-scale.json';
  writeFileSync(out, `${JSON.stringify({ ...json, sizes }, null, 2)}\n`);
  console.error(`\nwritten to ${out}`);
}

const LIMITS = `Redis, workers, API and whoever measures share ${cpus().length} cores. With 2 of them, one worker and one Redis are busy alone: more
processes and partitions cannot show how far they carry on hosts of their own, only what they cost where there is no room for them.`;

function size(count: number, scale: number): number {
  return Math.max(1000, Math.round(count * scale));
}

function tell(what: string): void {
  console.error(`${new Date().toISOString().slice(11, 19)}  ${what} …`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
