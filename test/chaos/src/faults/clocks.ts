import { setTimeout as sleep } from 'node:timers/promises';
import type { HistoryItem } from '@stile/machine';
import { steadily } from '../load/steady';
import { fakedServer } from '../rig/faketime';
import { settled } from '../rig/harvest';
import { withRig, type Rig } from '../rig/rig';
import type { Fault } from './fault';

const MINUTE_MS = 60_000;
/** Timers of the load, see the order machine: by the state that arms them, in the step that led there or of its own. */
const DELAY_MS = 20;
const TIMER_MS = 50;
const TOLERANCE_MS = 50;

/** Three hosts without NTP. Nothing that counts may be told by their clocks: leases and timers are the server's. */
export const workerClock: Fault = {
  name: 'worker-clock',
  title: 'Workers whose clocks are 5 min fast, 5 min slow and right, in one fleet',
  target: `I1-I4; no timer more than ${TOLERANCE_MS} ms early by the server's clock`,
  quickSeconds: 10,
  run: (pass) =>
    withRig(pass, {}, async (rig) => {
      const offsets = [5 * MINUTE_MS, -5 * MINUTE_MS, 0];
      for (const clockOffsetMs of offsets) await rig.fleet.spawnReady(1, { clockOffsetMs });
      for (const offset of offsets) if (offset !== 0) rig.fault('worker clock off', `${offset} ms`);
      const load = steadily(rig.load);
      await sleep(pass.size === 'quick' ? 3000 : 60_000);
      await load.stop();
      const timers = await timersOf(rig);
      const used = new Set(timers.map(({ worker }) => worker)).size;
      const missed = used < offsets.length ? [`${used} of ${offsets.length} workers fired timers`] : [];
      return rig.finish({
        injected: { 'wrong clocks': 2 },
        missed: [...missed, ...tooEarly(timers)],
        figures: figuresOf(timers),
      });
    }),
};

/**
 * The server itself is wrong, by libfaketime: forward by two minutes and back, again and again. Forward, all leases of then are over
 * though their workers live, and so are BullMQ's locks and all timers: the fences must hold. Back, what was promised for a time by the
 * clock of before is two minutes further away: a timer, a delay, the lease of a worker that died, the watch's next look. All of that is
 * late by the length of the jump, and no more: that is the price of one clock, and no fault. A full run ends two minutes back.
 */
export const serverClock: Fault = {
  name: 'server-clock',
  title: "Jumps of the server's clock by 2 min, forward and back, under load",
  target: 'I1, I2, I4; nothing is stuck for longer than a jump back',
  quickSeconds: 12,
  run: (pass) => {
    const server = fakedServer(pass.folder);
    return withRig(pass, { redis: { server: server.program } }, async (rig) => {
      await rig.fleet.spawnReady(2);
      const load = steadily(rig.load);
      const jumps = { forward: 0, back: 0 };
      const seen: number[] = [];
      for (let i = 0; i < (pass.size === 'quick' ? 3 : 21); i++) {
        await sleep(500 + pass.random() * 700);
        const forward = i % 2 === 0;
        const before = await offsetOf(rig);
        server.shift(forward ? 2 * MINUTE_MS : 0);
        rig.fault('server clock', forward ? '+120 s' : '-120 s');
        seen.push(Math.abs((await offsetOf(rig)) - before));
        jumps[forward ? 'forward' : 'back']++;
      }
      await sleep(500);
      await load.stop();
      // Quick ends ahead, where all that a jump back has put off is due. Full ends behind, and waits for it.
      if (pass.size === 'full') {
        server.shift(0);
        rig.fault('server clock', '-120 s');
        jumps.back++;
      }
      const began = Date.now();
      const stuck = await settled(rig.admin, rig.client, busy(rig), 2 * MINUTE_MS + 15_000);
      const settledMs = Date.now() - began;
      const least = Math.min(...seen);
      const missed = least < 1.9 * MINUTE_MS ? [`a jump was seen as ${least} ms by the server's own clock`] : [];
      if (stuck.length > 0) missed.push(`${stuck.length} machines were stuck for more than ${settledMs} ms after the last jump`);
      // Mailboxes, too, may have to wait for the clock.
      const settleMs = pass.size === 'full' ? 5 * MINUTE_MS : 30_000;
      return rig.finish({
        settleMs,
        injected: jumps,
        missed,
        figures: { 'all ended after ms': settledMs, 'least jump ms': least },
      });
    });
  },
};

function busy({ load }: Rig): string[] {
  return [...load.expected].filter(([, machine]) => machine !== 'mailbox').map(([id]) => id);
}

/** How far the server's clock is from ours, ms. */
async function offsetOf({ admin }: Rig): Promise<number> {
  const [seconds, micros] = await admin.time();
  return Number(seconds) * 1000 + Number(micros) / 1000 - Date.now();
}

interface Fired {
  readonly correlationId: string;
  readonly state: string;
  readonly worker: string;
  /** After its due time, by the server's clock. Negative: before. */
  readonly lateMs: number;
}

/** Of all orders: the step that a delay or a timer led to, and when it was begun after the commit that armed it. */
async function timersOf({ admin, client, load }: Rig): Promise<Fired[]> {
  const orders = [...load.expected].filter(([, machine]) => machine === 'order').map(([id]) => id);
  await settled(admin, client, orders, 30_000);
  const fired: Fired[] = [];
  for (const correlationId of orders) {
    const items = ((await client.machines.history(correlationId)) ?? []).filter(({ outcome }) => outcome === 'committed');
    items.forEach((item, i) => {
      const due = dueAfter(item);
      const next = items[i + 1];
      if (due === undefined || !next) return;
      const lateMs = Date.parse(next.startedAt) - Date.parse(item.startedAt) - item.durationMs - due;
      fired.push({ correlationId, state: item.to, worker: next.worker, lateMs });
    });
  }
  return fired;
}

/** ms from the end of this step to what it armed. A local transition ends in `charge`, whose `do` asks for a delay. */
function dueAfter({ to }: HistoryItem): number | undefined {
  return to === 'charge' ? DELAY_MS : to === 'cooling' ? TIMER_MS : undefined;
}

function tooEarly(timers: readonly Fired[]): string[] {
  const early = timers.filter(({ lateMs }) => lateMs < -TOLERANCE_MS);
  const [first] = early;
  if (timers.length === 0) return ['no timer fired'];
  return first ? [`${early.length} timers fired early, ${first.state} of ${first.correlationId} by ${-first.lateMs} ms`] : [];
}

function figuresOf(timers: readonly Fired[]): Record<string, number> {
  const late = timers.map(({ lateMs }) => lateMs);
  return { timers: late.length, 'earliest timer ms': Math.min(...late), 'latest timer ms': Math.max(...late) };
}
