import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from '../report/quantile';
import { settled } from '../rig/harvest';
import { withRig, type Rig } from '../rig/rig';
import type { CrashPoint } from '../worker/task';
import type { Fault, Pass } from './fault';

const LEASE_MS = 500;
/** The death that is recovered from. */
const FIRST: readonly CrashPoint[] = ['after claim', 'after do', 'before commit', 'after commit', 'after transition'];
/** Deaths on the way of a machine from the watch back into hand. */
const RECOVERY: readonly CrashPoint[] = ['after sweep', 'before wake', 'after wake', 'before enqueue', 'after claim'];
/** A sweep whose worker dies moves its machines on by 2, 4, 8 s (J2): so long it may take until there is something to recover again. */
const DEATH_MS = 20_000;
const RECOVERED_MS = 90_000;

/** A worker is killed, and so are those that recover what it had in hand, right in the middle of it. */
export const killInRecovery: Fault = {
  name: 'kill-in-recovery',
  title: 'a kill during the recovery from a kill, two to four deep',
  target: 'nothing stranded, no machine failed because of it',
  quickSeconds: 15,
  run: (pass) =>
    withRig(pass, { task: { leaseTtlMs: LEASE_MS } }, async (rig) => {
      const chains = pass.size === 'quick' ? 3 : 50;
      const injected: Record<string, number> = { chains: 0 };
      const missed: string[] = [];
      const times: number[] = [];
      for (let chain = 0; chain < chains; chain++) {
        const points = choose(pass, chain);
        const dead = await killInTurn(rig, points);
        for (const at of points.slice(0, dead)) injected[at] = (injected[at] ?? 0) + 1;
        if (dead === points.length) injected.chains!++;
        else injected['killed elsewhere'] = (injected['killed elsewhere'] ?? 0) + 1; // what it was to recover needed no such call
        const alone = pass.size === 'full' || chain === chains - 1;
        if (alone) times.push(await recover(rig));
        pass.say(`chain ${chain}: ${points.slice(0, dead).join(', ')}${alone ? `; recovered in ${times.at(-1)} ms` : ''}`);
      }
      if (injected.chains! < chains / 2) missed.push(`${injected.chains} of ${chains} chains came to their end`);
      return rig.finish({
        injected,
        missed,
        figures: { 'all ended p50 ms': quantile(times, 0.5), 'all ended max ms': Math.max(...times) },
      });
    }),
};

/** Each point of a recovery comes up as often as the others; in which order and how deep, the seed says. */
function choose({ random, size }: Pass, chain: number): CrashPoint[] {
  const depth = 2 + Math.floor(random() * (size === 'quick' ? 1 : 3));
  const first = FIRST[Math.floor(random() * FIRST.length)]!;
  const from = chain * 2;
  return [first, ...Array.from({ length: depth }, (_, i) => RECOVERY[(from + i) % RECOVERY.length]!)];
}

/** @returns how many died at their points, one after the other */
async function killInTurn(rig: Rig, points: readonly CrashPoint[]): Promise<number> {
  for (const [i, at] of points.entries()) {
    // Nobody else is there: what this one does first is to recover what the one before had in hand.
    const nth = i === 0 ? 1 + Math.floor(rig.pass.random() * 4) : 1;
    const armed = rig.fleet.spawn({ crash: { at, nth } });
    if (i === 0) await Promise.all([rig.load.mixed(6), armed.ready()]);
    await Promise.race([armed.exited, sleep(DEATH_MS)]);
    if (!armed.alive) continue;
    armed.kill('SIGKILL');
    await armed.exited;
    return i;
  }
  return points.length;
}

/** A worker that nothing is done to. @returns the time in which all that can end has, ms */
async function recover(rig: Rig): Promise<number> {
  const began = performance.now();
  const [sound] = await rig.fleet.spawnReady(1);
  const ids = [...rig.load.expected].filter(([id]) => !id.endsWith('.ledger')).map(([id]) => id);
  await settled(rig.admin, rig.client, ids, RECOVERED_MS);
  const ms = Math.round(performance.now() - began);
  if (rig.pass.size === 'full') {
    sound!.kill('SIGTERM');
    await sound!.exited;
  }
  return ms;
}
