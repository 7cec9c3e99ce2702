import { setTimeout as sleep } from 'node:timers/promises';
import { readLog } from '../log';
import { harvested, mostClaims } from '../rig/history';
import { settled } from '../rig/harvest';
import { withRig, type Rig } from '../rig/rig';
import { Supervisor } from '../rig/supervisor';
import type { Fault, Outcome } from './fault';

const LEASE_MS = 500;
const LIMIT = 5;
const WORKERS = 3;
/** Steps of a second or more that are in hand when the poison comes. */
const COMPANIONS = 6;
/** Workers say every two seconds that they are there. */
const DEAD_AFTER_MS = 3000;
/** A rejection that nobody handles ends a process as an exit does: a quick pass leaves it out. */
const KINDS = { quick: ['exit', 'loop'], full: ['exit', 'rejection', 'loop'] } as const;

/** Actions that end or hang whatever process runs them, among others that do not. */
export const poison: Fault = {
  name: 'poison',
  title: 'poison actions: process.exit, unhandled rejection, endless loop',
  target: `each fails as CRASHED after ${LIMIT} claims; no other machine does, and all others complete`,
  quickSeconds: 15,
  run: (pass) =>
    withRig(pass, { task: { leaseTtlMs: LEASE_MS, crashLimit: LIMIT } }, async (rig) => {
      const rounds = pass.size === 'quick' ? 1 : 10;
      await rig.fleet.spawnReady(WORKERS);
      const supervisor = new Supervisor(rig, WORKERS, DEAD_AFTER_MS);
      supervisor.start();
      for (let round = 0; round < rounds; round++) {
        await biteOnce(rig, round);
        pass.say(`round ${round}: deaths ${JSON.stringify(supervisor.deaths)}, ${supervisor.killed} killed for silence`);
      }
      await settled(rig.admin, rig.client, rig.load.expected.keys(), 20_000); // by workers that may still be dying
      await supervisor.stop();
      const ends = { poison: [{ status: 'failed', code: 'CRASHED' }] } as const;
      return judge(rig, supervisor, await rig.finish({ ends }));
    }),
};

/** One of each kind, and others before, beside and after them, until the poison is out. */
async function biteOnce(rig: Rig, round: number): Promise<void> {
  const bad = KINDS[rig.pass.size].map((how) => `p${round}.${how}`);
  let over = false;
  const others = async (): Promise<void> => {
    for (let i = 0; !over; i++) {
      await Promise.all([
        rig.load.chains(3),
        rig.load.start('slow', `i${round}.${i}`, { ms: Math.round(rig.pass.random() * 300) }),
        sleep(250),
      ]);
    }
  };
  const load = others();
  await sleep(200);
  // In hand for longer than a poison needs, and so with it again each time when a worker has died of it.
  await Promise.all(
    Array.from({ length: COMPANIONS }, (_, i) => rig.load.start('slow', `c${round}.${i}`, { ms: 1000 + 100 * i })),
  );
  for (const [i, how] of KINDS[rig.pass.size].entries()) {
    await rig.load.start('poison', bad[i]!, { how });
    rig.fault('poison', how);
  }
  await settled(rig.admin, rig.client, bad, 60_000);
  over = true;
  await load;
}

function bitesOf({ logFolder }: Rig): Map<string, number> {
  const bites = new Map<string, number>();
  for (const entry of readLog(logFolder)) {
    if (entry.kind === 'attempt' && entry.machine === 'poison')
      bites.set(entry.correlationId, (bites.get(entry.correlationId) ?? 0) + 1);
  }
  return bites;
}

function judge(rig: Rig, { deaths, killed }: Supervisor, outcome: Outcome): Outcome {
  const missed = [...outcome.missed];
  const { history, ends } = harvested(rig.logFolder);
  const claims = mostClaims(history);
  const bad = ends.filter(({ machine }) => machine === 'poison');
  const bites = bitesOf(rig);
  for (const { correlationId, fence } of bad) {
    const ran = bites.get(correlationId) ?? 0;
    // The next claim says so, and runs nothing; where its worker dies of something else first, the one after it.
    if (ran > LIMIT || fence <= LIMIT) missed.push(`${correlationId} failed at claim ${fence}, and ran ${ran} times`);
  }
  const others = ends.filter(({ machine }) => machine !== 'poison');
  const failed = others.filter(({ status }) => status === 'failed');
  if (failed.length > 0) missed.push(`${failed.length} of ${others.length} machines failed that had done nothing`);
  const most = Math.max(0, ...others.map(({ correlationId }) => claims.get(correlationId) ?? 0));
  const hit = others.filter(({ correlationId }) => (claims.get(correlationId) ?? 0) > 1).length;
  for (const how of KINDS[rig.pass.size]) {
    if (![...bites].some(([id, count]) => id.endsWith(how) && count > 0)) missed.push(`no worker was bitten by "${how}"`);
  }
  return {
    ...outcome,
    injected: {
      poison: bad.length,
      'workers ended': Object.values(deaths).reduce((a, b) => a + b, 0),
      'workers hung and killed': killed,
    },
    missed,
    figures: { ...outcome.figures, 'others hit': hit, 'most claims of one step of theirs': most, 'others failed': failed.length },
  };
}
