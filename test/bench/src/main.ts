import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalRedis } from '@stile/local-redis';
import { leasePairs } from './lease-pairs';
import { loneMachine } from './lone-machine';
import { option, text } from './options';
import { report, type Figures } from './report';
import { throughput } from './throughput';
import { waiting } from './waiting';

/**
 * Everything in one run against one Redis (append-only, everysec) and one worker process, round after round, so that what else this
 * machine does falls on all alike. Ratios are the figures to keep; absolute ones are of this machine.
 *
 * `--rounds 3` rounds · `--scale 1` size of each, 0.1 for a quick look · `--out bench-results.json`
 */
async function main(): Promise<void> {
  const rounds = option('--rounds', 3);
  const scale = option('--scale', 1);
  const dir = mkdtempSync(join(tmpdir(), 'stile-bench-'));
  const redis = await startLocalRedis({ dir, appendOnly: true, appendFsync: 'everysec' });
  const results: Figures[] = [];
  try {
    for (let round = 1; round <= rounds; round++) {
      console.error(`round ${round} of ${rounds} …`);
      results.push({
        ...(await throughput(redis.url, scale)),
        ...(await leasePairs(redis.url, scale)),
        ...(await loneMachine(redis.url, scale)),
        ...(await waiting(redis.url, scale)),
      });
    }
  } finally {
    await redis.stop();
    rmSync(dir, { recursive: true, force: true });
  }
  const { table, json } = report(results);
  console.log(table);
  const out = text('--out') ?? 'bench-results.json';
  writeFileSync(out, `${JSON.stringify(json, null, 2)}\n`);
  console.error(`\nwritten to ${out}`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
