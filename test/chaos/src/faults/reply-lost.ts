import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, Worker } from 'bullmq';
import { readLog } from '../log';
import { quantile } from '../report/quantile';
import { Proxy } from '../rig/proxy';
import { ReplyLoss, type LostReply } from '../rig/reply-loss';
import type { RespValue } from '../rig/resp';
import { withRig, type Rig } from '../rig/rig';
import type { Fault, Outcome, Pass } from './fault';

/** Long, so that whoever waits for a lease of its own to expire stands out. */
const LEASE_MS = 2000;

/** Each must be hit. */
const BOTH = [
  ...['commit', 'rest', 'fail', 'release', 'resume', 'note', 'settle', 'deliver', 'start', 'wake', 'sweep', 'expired', 'retire'],
  ...['children-next', 'children-started', 'child-result', 'lease renew'],
  ...['bull addStandardJob', 'bull addDelayedJob', 'bull moveToActive', 'bull moveToFinished', 'bull moveToDelayed'],
] as const;
const FUSED: readonly string[] = ['open', 'continue', ...BOTH];
const SPLIT: readonly string[] = ['peek', 'begin', 'extend', 'lease acquire', 'lease advance', 'lease release', ...BOTH];
/** Machines that never wait for anybody: each claim of theirs is followed by an action at once, or is their last. */
const BUSY: ReadonlySet<string> = new Set(['chain', 'kid', 'slow']);
/** What says that the lease is granted; then an action of the machine runs at once. */
const GRANTED = new Set<RespValue | undefined>(['claimed', 'granted']);

/** Every script has run, its reply is about to come in, and the connection is reset: the client sends it again. */
export const replyLost: Fault = {
  name: 'reply-lost',
  title: 'The reply of every script lost',
  target: `I1, I3; no worker locks itself out: no machine waits for the expiry of a lease (${LEASE_MS} ms) that its worker was granted`,
  quickSeconds: 14,
  run: (pass) => run(pass, false),
};

export const replyLostSplit: Fault = {
  ...replyLost,
  name: 'reply-lost-split',
  title: 'The reply of every script lost, leases on a server of their own',
  run: (pass) => run(pass, true),
};

function run(pass: Pass, separateLeases: boolean): Promise<Outcome> {
  const times = pass.size === 'quick' ? 1 : 25;
  const task = { leaseTtlMs: LEASE_MS, shutdownMs: 500 };
  return withRig(pass, { separateLeases, proxied: true, task }, async (rig) => {
    const loss = new ReplyLoss(times, pass.random);
    rig.proxy.rule = loss.rule;
    const leases = rig.leases && (await new Proxy({ host: '127.0.0.1', port: rig.leases.port }).start());
    if (leases) leases.rule = loss.rule;
    const wanted = separateLeases ? SPLIT : FUSED;
    try {
      await rig.fleet.spawnReady(2, leases ? { leaseUrl: leases.url } : {});
      const end = Date.now() + (pass.size === 'quick' ? 8000 : 240_000);
      const left = (): string[] => wanted.filter((script) => !AT_THE_END.has(script) && loss.count(script) < times);
      while (left().length > 0 && Date.now() < end) {
        await Promise.all([rig.load.mixed(10), stopAndGo(rig), longStep(rig, pass), deadJob(rig)]);
      }
      pass.say(`hit: ${wanted.map((script) => `${script} ${loss.count(script)}`).join(', ')}`);
      const outcome = await rig.finish({ settleMs: 40_000 });
      return judge(outcome, loss, wanted, rig.logFolder);
    } finally {
      await leases?.stop();
    }
  });
}

/** Run when machines are dropped, while the rig finishes: so often as it takes. */
const AT_THE_END: ReadonlySet<string> = new Set(['expired', 'retire']);

/** `release` and `resume`: a hold stops machines between two steps, and is taken off again. */
async function stopAndGo(rig: Rig): Promise<void> {
  const target = { machine: 'kid', state: 'asleep' }; // no action runs there: no claim is measured by it
  await rig.client.steering.hold(target);
  const end = Date.now() + 1500;
  const held = async (): Promise<number> => (await rig.client.steering.holds()).reduce((sum, hold) => sum + hold.held, 0);
  while ((await held()) === 0 && Date.now() < end) await sleep(30);
  await rig.client.steering.unhold(target);
}

/** `renew` and `extend`, by a step that takes long; and `moveToDelayed`, by a job for it that finds its lease held. */
async function longStep(rig: Rig, pass: Pass): Promise<void> {
  const id = `long.${Math.floor(pass.random() * 1e9)}`;
  await rig.load.start('slow', id, { ms: LEASE_MS });
  const queue = new Queue('machines', { connection: { url: rig.redis.url }, prefix: rig.client.keys.queuePrefix(0) });
  queue.on('error', () => undefined);
  const hint = { correlationId: id, steps: 0, retries: 0, rev: 0, drive: 99, machine: 'slow', version: 1, queue: 'machines' };
  try {
    await sleep(200);
    await queue.add('slow', hint, { jobId: `${id}.0.0.99`, removeOnComplete: true, removeOnFail: true });
  } finally {
    await queue.close();
  }
}

/** `wake`: somebody takes a job and does nothing about it, as BullMQ does where the reply to `moveToFinished` is lost. */
async function deadJob(rig: Rig): Promise<void> {
  const { url } = rig.redis;
  const options = { connection: { url }, prefix: rig.client.keys.queuePrefix(0), autorun: false, lockDuration: 1000 };
  const thief = new Worker('machines', null, options);
  thief.on('error', () => undefined);
  try {
    const end = Date.now() + 1000;
    while (!(await thief.getNextJob('nobody', { block: false })) && Date.now() < end);
  } finally {
    await thief.close();
  }
}

function judge(outcome: Outcome, loss: ReplyLoss, wanted: readonly string[], folder: string): Outcome {
  const injected: Record<string, number> = {};
  for (const { script } of loss.lost) injected[script] = (injected[script] ?? 0) + 1;
  const missed = wanted.filter((script) => loss.count(script) === 0).map((script) => `no reply of "${script}" was lost`);
  const waits = waitsAfter(loss.lost, folder);
  const longest = Math.max(0, ...waits.map(({ ms }) => ms));
  const out = waits.filter(({ ms }) => ms >= LEASE_MS);
  const late = out.slice(0, 5).map(({ script, id, ms }) => `${id} went on ${ms} ms after the reply of "${script}" was lost`);
  const times = waits.map(({ ms }) => ms);
  const figures = {
    'claims whose reply was lost': waits.length,
    'machines that waited for a lease to expire': out.length,
    'went on p50 ms': quantile(times, 0.5),
    'went on p99 ms': quantile(times, 0.99),
    'went on max ms': longest,
  };
  return { ...outcome, injected, missed: [...outcome.missed, ...missed], late, figures: { ...outcome.figures, ...figures } };
}

/** From the loss of a claim's reply to the next action of its machine. */
function waitsAfter(lost: readonly LostReply[], folder: string): { script: string; id: string; ms: number }[] {
  const attempts = new Map<string, number[]>();
  for (const entry of readLog(folder)) {
    if (entry.kind !== 'attempt' || !BUSY.has(entry.machine)) continue;
    const list = attempts.get(entry.correlationId);
    if (list) list.push(entry.at);
    else attempts.set(entry.correlationId, [entry.at]);
  }
  return lost.flatMap(({ script, ids, reply, at }) =>
    ids.flatMap((id, i) => {
      if (!isGrant(script, reply, i)) return [];
      const next = attempts.get(id)?.reduce((least, one) => (one >= at && one < least ? one : least), Infinity) ?? Infinity;
      return next === Infinity ? [] : [{ script, id, ms: next - at }];
    }),
  );
}

function isGrant(script: string, reply: RespValue, i: number): boolean {
  if (!Array.isArray(reply)) return false;
  const words = reply as readonly RespValue[];
  if (script === 'continue') return words[i] !== '0'; // for each machine the time of its grant, or nothing
  return GRANTED.has(words[0]) || (words[0] === 'committed' && words[1] === 'continue');
}
