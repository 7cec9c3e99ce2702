import { setTimeout as sleep } from 'node:timers/promises';
import { readLog, type EntryOf } from '../log';
import { settled } from '../rig/harvest';
import { counted, inHand, until, type InHand } from '../rig/in-hand';
import { withRig, type Rig } from '../rig/rig';
import type { Fault } from './fault';

const LEASE_MS = 500;
const MACHINES = 8;
/** The first half of them has its effect as soon as it is awake, the successor still running; the others when the successor is through. */
const EARLY_MS = 1200;
const LATE_MS = 3200;
const SUCCESSOR_MS = 900;

/** A worker is stopped for two leases with steps in hand, and wakes up to go on with them while its successor runs them. */
export const sigstop: Fault = {
  name: 'sigstop',
  title: 'SIGSTOP for 2 x lease, resumed while the successor runs',
  target: 'stale commits refused 100 %, and the effects of stale workers; I2, I4',
  quickSeconds: 13,
  run: (pass) =>
    withRig(pass, { task: { leaseTtlMs: LEASE_MS } }, async (rig) => {
      const rounds = pass.size === 'quick' ? 2 : 50;
      await rig.fleet.spawnReady(2);
      const stale: InHand[] = [];
      let meanwhile = 0;
      for (let round = 0; round < rounds; round++) {
        const { taken, stillRun } = await stopOnce(rig, round);
        stale.push(...taken);
        meanwhile += stillRun;
        pass.say(`round ${round}: ${taken.length} steps taken over, ${stillRun} of them still run by the successor`);
      }
      await until(async () => (await counted(rig, 'stale', 'slow')) >= stale.length, 5000);
      const refusedCommits = await counted(rig, 'stale', 'slow');
      const { late, refused } = staleEffects(readLog(rig.logFolder), stale);
      const missed: string[] = [];
      if (stale.length < rounds) missed.push(`${stale.length} steps were taken over in ${rounds} rounds`);
      if (meanwhile < rounds) missed.push(`${meanwhile} steps were still run by the successor when their worker woke up`);
      if (refusedCommits !== stale.length)
        missed.push(`${refusedCommits} commits were refused, of ${stale.length} that were stale`);
      if (refused !== late || late === 0) missed.push(`the fenced sink refused ${refused} of ${late} effects that came too late`);
      return rig.finish({
        injected: { sigstop: rounds, 'stale steps': stale.length },
        missed,
        figures: {
          'stale commits': stale.length,
          'of them refused': refusedCommits,
          'woken while the successor ran': meanwhile,
          'stale effects after the successor': late,
          'of them refused by the sink': refused,
        },
      });
    }),
};

async function stopOnce(rig: Rig, round: number): Promise<{ taken: InHand[]; stillRun: number }> {
  const ids = Array.from({ length: MACHINES }, (_, i) => `s${round}.${i % 2 === 0 ? 'early' : 'late'}${i}`);
  const context = (id: string) => ({ ms: id.includes('late') ? LATE_MS : EARLY_MS, laterMs: SUCCESSOR_MS, stubborn: true });
  await Promise.all(ids.map((id) => rig.load.start('slow', id, context(id))));
  await until(async () => (await inHand(rig, ids)).every(({ running }) => running), 2000);
  const held = (name: string, all: readonly InHand[]) => all.filter(({ running, worker }) => running && worker === name);
  const all = await inHand(rig, ids);
  const victims = rig.fleet.alive.filter(({ name }) => held(name, all).length >= MACHINES / 4);
  const victim = victims[Math.floor(rig.pass.random() * victims.length)];
  if (!victim) throw new Error(`no worker has machines of round ${round} in hand: ${JSON.stringify(all)}`);
  victim.kill('SIGSTOP');
  rig.fault('sigstop', victim.name);
  await sleep(50); // what it has sent before is taken
  // One that was claimed, and not begun when its worker was stopped, comes to no commit: its signal is aborted before anything runs.
  const begun = claimsOf(rig, 'attempt');
  const stopped = held(victim.name, await inHand(rig, ids)).filter(({ id, fence }) => begun.has(`${id} ${fence}`));
  await sleep(2 * LEASE_MS - 50);
  const names = stopped.map(({ id }) => id);
  const isTaken = (now: InHand): boolean => now.fence > stopped.find(({ id }) => id === now.id)!.fence;
  await until(async () => (await inHand(rig, names)).every(isTaken), 5000);
  const now = await inHand(rig, names);
  victim.kill('SIGCONT');
  rig.fault('sigcont', victim.name);
  await settled(rig.admin, rig.client, ids, 10_000);
  const taken = stopped.filter((_, i) => isTaken(now[i]!));
  const over = (): boolean => {
    const acted = claimsOf(rig, 'acted');
    return taken.every(({ id, fence }) => acted.has(`${id} ${fence}`));
  };
  await until(over, LATE_MS + 2000);
  return { taken, stillRun: now.filter((one) => isTaken(one) && one.running).length };
}

/** Claims, as id and fence, whose action has begun, or come to its end: the commit follows. */
function claimsOf({ logFolder }: Rig, kind: 'attempt' | 'acted'): Set<string> {
  const entries = readLog(logFolder);
  return new Set(entries.flatMap((entry) => (entry.kind === kind ? [`${entry.correlationId} ${entry.fence}`] : [])));
}

/** Effects that a stale worker tried after its successor had had its own; the sink has the last word on the order. */
function staleEffects(entries: ReturnType<typeof readLog>, stale: readonly InHand[]): { late: number; refused: number } {
  const effects = entries.filter(
    (entry): entry is EntryOf<'effect'> & typeof entry => entry.kind === 'effect' && entry.sink === 'fenced',
  );
  let [late, refused] = [0, 0];
  for (const { id, fence } of stale) {
    const own = effects.filter(({ correlationId }) => correlationId === id);
    const its = own.findIndex((effect) => effect.fence === fence);
    const successors = own.findIndex((effect) => effect.fence > fence);
    if (its < 0 || successors < 0 || its < successors) continue;
    late++;
    if (!own[its]!.accepted) refused++;
  }
  return { late, refused };
}
