import { setTimeout as sleep } from 'node:timers/promises';
import { startLocalPostgres } from '@stile/local-postgres';
import { startLocalRedis } from '@stile/local-redis';
import { join } from 'node:path';
import { withRig, type Rig } from '../rig/rig';
import type { Fault } from './fault';

/** How long a machine's lease stays where it was moved (S1): the product's. */
const COOLDOWN_MS = 10_000;

/**
 * The first lease store (a Redis of its own) is killed, comes back empty, and is killed again; then the second (PostgreSQL) is killed
 * while the first is back. Machines move when the store that they are on does not answer, and stay where they were moved.
 */
export const leaseStoreFlips: Fault = {
  name: 'lease-store-flips',
  title: 'Primary lease store down, back, down; secondary PostgreSQL',
  target: 'flips, sticks, tokens grow (I2); counted as `cache` errors',
  quickSeconds: 30,
  run: async (pass) => {
    const postgres = await startLocalPostgres();
    try {
      const task = { leaseSecondaryUrl: postgres.url, leaseTtlMs: 1000, stickySteps: 2 };
      return await withRig(pass, { separateLeases: true, task }, async (rig) => {
        const missed: string[] = [];
        const injected = { 'primary down': 0, 'primary back, empty': 0, 'secondary down': 0 };
        const orders = pass.size === 'quick' ? 20 : 100;
        let leases = rig.leases!;
        await rig.fleet.spawnReady(2);
        const killPrimary = async (): Promise<void> => {
          leases.kill('SIGKILL');
          await leases.exited;
          injected['primary down']++;
          rig.fault('sigkill', 'primary lease store');
        };
        const startPrimary = async (): Promise<void> => {
          // What it had is gone: only the floor in the record keeps tokens growing.
          leases = await startLocalRedis({ dir: join(rig.folder, `leases-${injected['primary down']}`), port: leases.port });
          injected['primary back, empty']++;
        };

        await rig.load.mixed(orders);
        const waiting = await longWaiters(rig, 20);
        await killPrimary();
        await rig.load.mixed(orders);
        await wake(rig, waiting, 1);
        const moved = await seats(rig, waiting);
        if (moved.secondary < waiting.length) missed.push(`${moved.secondary} of ${waiting.length} machines have flipped`);
        const cache = (await rig.totals()).cache ?? 0;
        if (cache === 0) missed.push('no `cache` error was counted');

        await startPrimary();
        await wake(rig, waiting, 2);
        const stuck = await seats(rig, waiting);
        if (stuck.secondary < waiting.length)
          missed.push(`${stuck.primary} of ${waiting.length} machines did not stay where they were`);

        await killPrimary();
        await rig.load.mixed(orders);
        await wake(rig, waiting, 3);
        await startPrimary();

        await sleep(pass.size === 'quick' ? 0 : COOLDOWN_MS);
        if (pass.size === 'full') {
          postgres.kill('SIGKILL');
          injected['secondary down']++;
          rig.fault('sigkill', 'secondary lease store');
          await rig.load.mixed(orders);
          await wake(rig, waiting, 4);
          const back = await seats(rig, waiting);
          await postgres.restart(); // else its counters, and so the machines, would be kept until it is back
          if (back.primary < waiting.length) missed.push(`${back.primary} of ${waiting.length} machines have flipped back`);
        }
        for (const id of waiting) await rig.load.send(id, 'close', `close ${id}`);
        const outcome = await rig.finish({
          injected,
          missed,
          figures: { 'counted cache': cache, 'flipped machines': moved.secondary },
        });
        await leases.stop();
        return outcome;
      });
    } finally {
      await postgres.stop();
    }
  },
};

/** Mailboxes that live through all of it. */
async function longWaiters(rig: Rig, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, i) => `waiter.${i}`);
  for (const id of ids) await rig.load.start('mailbox', id, { taken: [] });
  await wake(rig, ids, 0);
  return ids;
}

/** Sends each its next event, and waits until it has been taken. */
async function wake(rig: Rig, ids: readonly string[], round: number): Promise<void> {
  for (const id of ids) await rig.load.send(id, 'put', `put ${id} ${round}`);
  const end = Date.now() + 60_000;
  for (const id of ids) {
    for (;;) {
      const view = await rig.client.machines.get(id);
      if ((view?.context.taken as string[]).length > round && view?.status === 'waiting') break;
      if (Date.now() > end) return; // the log tells
      await sleep(50);
    }
  }
}

async function seats(rig: Rig, ids: readonly string[]): Promise<{ primary: number; secondary: number }> {
  const all = await Promise.all(ids.map((id) => rig.admin.hget(rig.client.keys.record(id), 'seat')));
  const secondary = all.filter((seat) => seat === 'secondary').length;
  return { primary: ids.length - secondary, secondary };
}
