import { setTimeout as sleep } from 'node:timers/promises';
import { readLog, type EntryOf } from '../log';
import { steadily } from '../load/steady';
import { quantile } from '../report/quantile';
import { KEYS_THAT_STAY } from '../rig/expectations';
import { settled } from '../rig/harvest';
import { withRig, type Rig } from '../rig/rig';
import type { Fault } from './fault';

const RESUME_MS = 10_000;

/** Scripts are sent by their hash: each flush makes the next call of each script come back as unknown. */
export const scriptFlush: Fault = {
  name: 'script-flush',
  title: 'SCRIPT FLUSH every 100 ms under load',
  target: 'I1; all machines come to their end',
  quickSeconds: 8,
  run: (pass) =>
    withRig(pass, {}, async (rig) => {
      await rig.fleet.spawnReady(2);
      const load = steadily(rig.load);
      let flushes = 0;
      for (const end = Date.now() + (pass.size === 'quick' ? 3000 : 60_000); Date.now() < end;) {
        await rig.admin.script('FLUSH');
        rig.fault('script flush');
        flushes++;
        await sleep(100);
      }
      await load.stop();
      return rig.finish({ injected: { flushes }, missed: flushes < 10 ? [`${flushes} flushes, fewer than 10`] : [] });
    }),
};

/**
 * All that BullMQ has goes, in bursts under load: jobs that wait, are delayed or run, locks, the queue's own settings. After each burst
 * it is left alone until all machines of then have ended; each must have gone on in time.
 */
export const queueLost: Fault = {
  name: 'queue-lost',
  title: 'All keys of BullMQ deleted, several times under load',
  target: `I1; all machines resume <= ${RESUME_MS / 1000} s`,
  quickSeconds: 14,
  run: (pass) =>
    withRig(pass, {}, async (rig) => {
      const bursts = pass.size === 'quick' ? 2 : 15;
      const injected = { 'deletions of the queue': 0, 'keys deleted': 0 };
      const resumes: number[] = [];
      await rig.fleet.spawnReady(2);
      for (let burst = 0; burst < bursts; burst++) {
        const load = steadily(rig.load, 20, 0);
        for (let i = 0; i < 3; i++) {
          await sleep(200 + pass.random() * 300);
          injected['keys deleted'] += await loseQueue(rig);
          injected['deletions of the queue']++;
        }
        const at = Date.now();
        const live = await liveNow(rig);
        await load.stop();
        const busy = [...rig.load.expected].filter(([, machine]) => machine !== 'mailbox').map(([id]) => id);
        await settled(rig.admin, rig.client, busy, 30_000);
        resumes.push(...resumedAfter(rig, live, at));
        pass.say(`burst ${burst + 1}: ${live.length} machines were live, the last went on after ${Math.max(0, ...resumes)} ms`);
      }
      const missed: string[] = [];
      const late: string[] = [];
      const worst = Math.max(0, ...resumes);
      if (injected['keys deleted'] === 0 || resumes.length === 0) missed.push('no queue of a live machine was lost');
      if (worst > RESUME_MS) late.push(`a machine resumed after ${worst} ms, more than ${RESUME_MS} ms`);
      const figures = { 'machines hit': resumes.length, 'resume p50 ms': quantile(resumes, 0.5), 'resume max ms': worst };
      // A job whose hash is deleted while a worker has it leaves a stub of a few bytes, which is BullMQ's and nobody's: all else must go.
      return rig.finish({ injected, missed, late, figures, allowedKeys: [...KEYS_THAT_STAY, /:q:machines:/] });
    }),
};

/** @returns how many keys there were */
async function loseQueue(rig: Rig): Promise<number> {
  let deleted = 0;
  for (let cursor = '0'; ;) {
    const [next, keys] = await rig.admin.scan(cursor, 'MATCH', '*:q:*', 'COUNT', 1000);
    if (keys.length > 0) deleted += await rig.admin.unlink(...keys);
    cursor = next;
    if (cursor === '0') break;
  }
  rig.fault('queue deleted', String(deleted));
  return deleted;
}

/** Machines that wait for nothing from outside: they have a job, or are about to get one. */
async function liveNow({ admin, client, load }: Rig): Promise<string[]> {
  const ids = [...load.expected].filter(([, machine]) => machine !== 'mailbox').map(([id]) => id);
  const replies = await admin.pipeline(ids.map((id) => ['hget', client.keys.record(id), 'status'])).exec();
  return ids.filter((_, i) => ['queued', 'delayed', 'running'].includes(String(replies?.[i]?.[1])));
}

/** ms from then until each first ran again; what never did is told by I3. */
function resumedAfter({ logFolder }: Rig, ids: readonly string[], at: number): number[] {
  const first = new Map<string, number>();
  const attempts = readLog(logFolder).filter((entry): entry is EntryOf<'attempt'> & typeof entry => entry.kind === 'attempt');
  for (const attempt of attempts) {
    if (attempt.at < at) continue;
    first.set(attempt.correlationId, Math.min(first.get(attempt.correlationId) ?? Infinity, attempt.at));
  }
  return ids.flatMap((id) => (first.has(id) ? [(first.get(id) as number) - at] : []));
}
