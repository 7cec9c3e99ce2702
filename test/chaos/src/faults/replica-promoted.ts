import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startLocalRedis } from '@stile/local-redis';
import { Redis } from 'ioredis';
import { steadily } from '../load/steady';
import { markLeft, Marks } from '../rig/marks';
import { Proxy } from '../rig/proxy';
import { withRig, type Rig } from '../rig/rig';
import type { Fault } from './fault';

/**
 * A real replica behind a link that is frozen first: from then on there is a tail that only the master has. The master dies, the
 * replica is promoted, and everybody is led to it. The next failover has a new replica, of the master that was one.
 */
export const replicaPromoted: Fault = {
  name: 'replica-promoted',
  title: 'Replica promoted under load, with the link frozen before: the tail is lost',
  target: 'I1, I2, I4; no fence repeated; the steps lost are measured',
  quickSeconds: 14,
  passes: 2,
  run: (pass) =>
    withRig(pass, { proxied: true, movable: true }, async (rig) => {
      const failovers = pass.size === 'quick' ? 1 : 10;
      const figures = { 'tail ms': 0, 'starts sent again': 0, 'events sent again': 0 };
      rig.load.lossy = true;
      await rig.fleet.spawnReady(2);
      const load = steadily(rig.load);
      for (let i = 0; i < failovers; i++) {
        const lost = await failOver(rig, i);
        figures['tail ms'] = Math.max(figures['tail ms'], lost.ms);
        figures['starts sent again'] += lost.starts;
        figures['events sent again'] += lost.events;
        pass.say(`failover ${i + 1}: a tail of ${lost.ms} ms, ${lost.starts} starts and ${lost.events} events gone`);
      }
      await sleep(300);
      await load.stop();
      const outcome = await rig.finish({ injected: { failovers }, figures });
      const lost = (outcome.figures['steps lost'] ?? 0) + figures['starts sent again'] + figures['events sent again'];
      return lost > 0 ? outcome : { ...outcome, missed: [...outcome.missed, 'nothing was lost: there was no tail'] };
    }),
};

async function failOver(rig: Rig, number: number): Promise<{ ms: number; starts: number; events: number }> {
  const master = rig.redis;
  const link = await new Proxy({ host: '127.0.0.1', port: master.port }).start();
  const replica = await startLocalRedis({
    dir: join(rig.folder, `replica-${number}`),
    extraArgs: ['--replicaof', '127.0.0.1', String(link.port), '--repl-diskless-sync-delay', '0'],
  });
  const marks = new Marks(master.url);
  await marks.start();
  const direct = new Redis(replica.url);
  try {
    await inSync(direct);
    await sleep(200 + rig.pass.random() * 300);
    link.freeze();
    await sleep(100 + rig.pass.random() * 600);
    master.kill('SIGKILL');
    await master.exited;
    marks.stop();
    rig.load.hold();
    rig.fault('master killed', master.url);
    const dead = Date.now();
    await direct.replicaof('NO', 'ONE');
    const since = await markLeft(direct);
    if (since === 0) throw new Error('the replica has no mark: it never was in sync');
    rig.moveTo(replica);
    await rig.load.answered();
    rig.log.append({ kind: 'lost', since, until: Date.now() });
    const gone = await rig.load.sendLostAgain(since);
    rig.load.release();
    return { ms: dead - since, ...gone };
  } catch (error) {
    await replica.stop();
    throw error;
  } finally {
    direct.disconnect();
    await link.stop();
  }
}

/** It has all that the master has had, and follows. */
async function inSync(replica: Redis): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end;) {
    const about = await replica.info('replication');
    if (/master_link_status:up/.test(about) && /master_sync_in_progress:0/.test(about)) return;
    await sleep(10);
  }
  throw new Error('the replica did not come into sync within 10 s');
}
