import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalCluster } from '@stile/local-redis';
import { overServers, type Target } from './target';

/** Three masters without replicas, each with a log, everysec. */
export async function threeMasters(): Promise<Target> {
  const dir = mkdtempSync(join(tmpdir(), 'stile-bench-cluster-'));
  const extraArgs = ['--auto-aof-rewrite-percentage', '0'];
  const cluster = await startLocalCluster({ dir, appendOnly: true, appendFsync: 'everysec', extraArgs });
  const servers = cluster.masters.map(({ url }) => url);
  return overServers(cluster.url, servers, async () => {
    await cluster.stop();
    rmSync(dir, { recursive: true, force: true });
  });
}
