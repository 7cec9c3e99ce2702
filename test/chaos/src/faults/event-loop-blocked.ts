import { readLog } from '../log';
import { settled } from '../rig/harvest';
import { counted, inHand, until } from '../rig/in-hand';
import { withRig, type Rig } from '../rig/rig';
import type { WorkerProcess } from '../rig/fleet';
import type { Fault } from './fault';

const LEASE_MS = 500;
const MIN_BLOCK_MS = 1500;
const MAX_BLOCK_MS = 2300;
const LAG_ERROR = 0.2;

interface Block {
  readonly id: string;
  readonly ms: number;
  readonly victim?: WorkerProcess;
  /** As the worker's entry said; 0 where it did not. */
  readonly lagMs: number;
}

/** An action computes for longer than the lease and lets nothing else in its process run. */
export const eventLoopBlocked: Fault = {
  name: 'event-loop-blocked',
  title: 'event loop blocked for longer than the lease',
  target: 'signal aborted, commit refused, loop lag reported within 20 %',
  quickSeconds: 13,
  run: (pass) =>
    withRig(pass, { task: { leaseTtlMs: LEASE_MS } }, async (rig) => {
      const count = pass.size === 'quick' ? 3 : 50;
      await rig.fleet.spawnReady(3);
      const blocks: Block[] = [];
      for (let i = 0; i < count; i++) {
        const ms = Math.round(MIN_BLOCK_MS + pass.random() * (MAX_BLOCK_MS - MIN_BLOCK_MS));
        const block = await blockOnce(rig, `b${i}`, ms, new Set(blocks.map(({ victim }) => victim)));
        blocks.push(block);
        pass.say(`${block.victim?.name ?? 'nobody'} was blocked for ${ms} ms, its lag was seen as ${block.lagMs} ms`);
        // Its entry goes on telling of this block: the next one hits a worker that has not been blocked.
        block.victim?.kill('SIGTERM');
        if (i < count - 1) rig.fleet.spawn();
      }
      for (const { victim } of blocks) await victim?.exited; // their counts are said
      return rig.finish(await judge(rig, blocks));
    }),
};

async function blockOnce(rig: Rig, id: string, ms: number, blocked: ReadonlySet<WorkerProcess | undefined>): Promise<Block> {
  // One to block, one to take over; those that were blocked before are on their way out.
  const fresh = rig.fleet.alive.filter((worker) => !blocked.has(worker)).slice(0, 2);
  for (const worker of fresh) await worker.ready();
  await rig.load.start('blocked', id, { ms });
  await until(async () => (await inHand(rig, [id]))[0]!.fence > 0, 5000);
  const [first] = await inHand(rig, [id]);
  const victim = rig.fleet.all.find(({ name }) => name === first!.worker);
  rig.fault('event loop blocked', victim?.name);
  await settled(rig.admin, rig.client, [id], ms + 5000);
  let lagMs = 0;
  await until(async () => {
    const seen = (await rig.client.workers.list()).find(({ name }) => name === victim?.name);
    // Others need a while for their start, but not half as long as the shortest block.
    if (seen && seen.lagMs > MIN_BLOCK_MS / 2) lagMs = seen.lagMs;
    return lagMs > 0;
  }, ms + 5000);
  return { id, ms, victim, lagMs };
}

async function judge(rig: Rig, blocks: readonly Block[]) {
  const entries = readLog(rig.logFolder);
  const idsOf = (kind: 'aborted' | 'attempt', fence: number): Set<string> =>
    new Set(
      entries.flatMap((entry) =>
        entry.kind === kind && entry.fence === fence && entry.steps === 0 ? [entry.correlationId] : [],
      ),
    );
  const aborted = idsOf('aborted', 1);
  const refused = await counted(rig, 'stale', 'blocked');
  const warned = blocks.filter(({ victim }) =>
    victim?.lines().some(({ level, text }) => level === 'warn' && text.startsWith('the event loop stood still')),
  );
  const errors = blocks.map(({ ms, lagMs }) => Math.abs(lagMs - ms) / ms);
  const worst = Math.max(...errors);
  const off = errors.filter((error) => error > LAG_ERROR).length;
  const [all, taken, told] = [blocks.length, idsOf('attempt', 2).size, blocks.filter(({ lagMs }) => lagMs > 0).length];
  const missed: string[] = [];
  const short = (count: number, of: number, what: string): void => {
    if (count !== of) missed.push(`${what}: ${count} of ${of}`);
  };
  short(blocks.filter(({ id }) => aborted.has(id)).length, all, 'signals aborted');
  short(refused, taken, 'stale commits refused');
  short(told, all, "blocks told in the worker's entry");
  short(warned.length, all, "blocks told in the worker's log");
  // One that nobody has taken over is committed by the worker that woke up: nothing is stale then.
  const late = taken < all ? [`${taken} of ${all} steps were taken over by another worker during the block`] : [];
  if (off > 0)
    late.push(
      `the lag of ${off} of ${all} blocks was told with an error of more than 20 %, the worst ${Math.round(100 * worst)} %`,
    );
  return {
    injected: { 'blocks of the event loop': all },
    missed,
    late,
    figures: {
      'signals aborted': aborted.size,
      'commits refused': refused,
      'lag told, worst error %': Math.round(1000 * worst) / 10,
    },
  };
}
