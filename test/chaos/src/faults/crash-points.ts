import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from '../report/quantile';
import { resumeTimes } from '../rig/resume';
import { withRig, type Rig } from '../rig/rig';
import type { CrashPoint } from '../worker/task';
import type { Fault, Outcome, Pass } from './fault';

const LEASE_MS = 500;
/** Of the issue: a machine goes on so long after the death of its worker, at most. */
const RESUME_MS = LEASE_MS + 3000;

/** With leases beside the records: acquire, begin and release are in the scripts of claim and commit. */
const FUSED: readonly CrashPoint[] = [
  'before claim',
  'after claim',
  'after exit',
  'after transition',
  'after entry',
  'before do',
  'after do',
  'after note',
  'before commit',
  'after commit',
  'after fail',
  'before enqueue',
  'after enqueue',
  'after sweep', // a timer has fired, and nobody has been told
  'before start', // of a child
  'after start',
  'after deliver',
  'before settle',
];
/** With leases on a server of their own, where acquire, advance and release are calls of their own. */
const SPLIT: readonly CrashPoint[] = (['acquire', 'advance', 'releaseLease'] as const).flatMap((place): CrashPoint[] => [
  `before ${place}`,
  `after ${place}`,
]);

const QUICK: readonly CrashPoint[] = [
  'after claim',
  'after do',
  'after commit',
  'before enqueue',
  'after deliver',
  'after start',
  'after sweep',
];

/** A real SIGKILL at a named point of the protocol, wherever the armed worker comes to it for the n-th time. */
export const crashPoints: Fault = {
  name: 'crash-points',
  title: 'SIGKILL at each named crash point',
  target: `I1-I4 hold; resume p99 <= lease + 3 s (${RESUME_MS} ms)`,
  quickSeconds: 25,
  run: (pass) => run(pass, false, pass.size === 'quick' ? QUICK : FUSED, pass.size === 'quick' ? 1 : 50),
};

export const crashPointsSplit: Fault = {
  name: 'crash-points-split',
  title: 'SIGKILL at each named crash point, leases on a server of their own',
  target: crashPoints.target,
  quickSeconds: 15,
  run: (pass) => run(pass, true, pass.size === 'quick' ? SPLIT.slice(0, 4) : SPLIT, pass.size === 'quick' ? 1 : 50),
};

/** All in one world: every kill leaves its mark on what the next ones meet. */
function run(pass: Pass, separateLeases: boolean, points: readonly CrashPoint[], seeds: number): Promise<Outcome> {
  return withRig(pass, { separateLeases, task: { leaseTtlMs: LEASE_MS } }, async (rig) => {
    const injected: Record<string, number> = {};
    const missed: string[] = [];
    const late: string[] = [];
    await rig.fleet.spawnReady(1);
    for (const at of points) {
      let dead = 0;
      for (let seed = 0; seed < seeds; seed++) if (await killOnce(rig, at, nthOf(at, pass.random))) dead++;
      injected[at] = dead;
      if (dead < seeds) missed.push(`"${at}" was reached in ${dead} of ${seeds} tries`);
      pass.say(`${at}: ${dead} kills`);
    }
    const times = resumeTimes(rig.logFolder);
    const p99 = quantile(times, 0.99);
    if (p99 > RESUME_MS) late.push(`resume p99 is ${Math.round(p99)} ms, more than ${RESUME_MS} ms`);
    const figures = { 'resumed machines': times.length, 'resume p50 ms': quantile(times, 0.5), 'resume p99 ms': p99 };
    return rig.finish({ injected, missed, late, figures });
  });
}

/** An attempt that fails is rare in the load: one in ten orders. */
function nthOf(at: CrashPoint, random: () => number): number {
  return at.endsWith(' fail') ? 1 : 1 + Math.floor(random() * 4);
}

/** @returns whether the armed worker came to its point, and died there */
async function killOnce(rig: Rig, at: CrashPoint, nth: number): Promise<boolean> {
  const armed = rig.fleet.spawn({ crash: { at, nth } });
  await armed.ready();
  for (let load = 0; load < 8 && armed.alive; load++) {
    await rig.load.mixed(8);
    await Promise.race([armed.exited, sleep(400)]);
  }
  await Promise.race([armed.exited, sleep(1500)]);
  if (!armed.alive) return true;
  armed.kill('SIGTERM');
  await armed.exited;
  return false;
}
