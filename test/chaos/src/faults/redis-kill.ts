import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { steadily } from '../load/steady';
import { AofTail } from '../rig/aof-tail';
import { markLeft, Marks } from '../rig/marks';
import { withRig, type Rig } from '../rig/rig';
import type { Fault, Outcome, Pass } from './fault';

/** Between two fsyncs under `everysec`, ms. */
const SECOND_MS = 1000;

/**
 * As a power failure does it: SIGKILL, and what was written in a part of the last second goes from the file, down to the middle of a
 * command. (The kill alone would lose nothing: the kernel has what was written.) The client sends again what it was answered for in that
 * time; the store says itself by its last mark when it began.
 */
export const redisKillEverysec: Fault = {
  name: 'redis-kill-everysec',
  title: 'Redis SIGKILL and restart under load, appendfsync everysec, with the tail of the file lost',
  target: 'I1, I2; the loss is measured, and no longer than a second',
  passes: 2,
  quickSeconds: 12,
  run: (pass) => run(pass, 'everysec'),
};

/** SIGKILL alone: what was acknowledged was on the disk, so there is no tail that a power failure could take. */
export const redisKillAlways: Fault = {
  name: 'redis-kill-always',
  title: 'Redis SIGKILL and restart under load, appendfsync always',
  target: 'I1, I2, I5: nothing acknowledged is lost',
  passes: 2,
  quickSeconds: 12,
  run: (pass) => run(pass, 'always'),
};

interface Loss {
  kills: number;
  bytes: number;
  worstMs: number;
  starts: number;
  events: number;
}

function run(pass: Pass, appendFsync: 'everysec' | 'always'): Promise<Outcome> {
  const redis = { appendFsync, extraArgs: ['--auto-aof-rewrite-percentage', '0'] };
  return withRig(pass, { redis }, async (rig) => {
    const kills = pass.size === 'quick' ? 2 : 20;
    const loss: Loss = { kills: 0, bytes: 0, worstMs: 0, starts: 0, events: 0 };
    rig.load.lossy = appendFsync === 'everysec';
    await rig.fleet.spawnReady(2);
    const load = steadily(rig.load);
    for (let i = 0; i < kills; i++) {
      const tail = new AofTail(join(rig.folder, 'redis'));
      const marks = new Marks(rig.redis.url, () => tail.sample());
      const since = Date.now();
      await marks.start();
      await sleep(700 + pass.random() * 800);
      rig.redis.kill('SIGKILL');
      await rig.redis.exited;
      marks.stop();
      rig.load.hold();
      rig.fault('redis killed', appendFsync);
      loss.kills++;
      if (appendFsync === 'everysec') await loseTail(rig, tail, since, loss);
      else await rig.restartRedis();
      await markLeft(rig.admin);
      rig.load.release();
      pass.say(`kill ${i + 1}: ${loss.bytes} bytes, ${loss.starts} starts and ${loss.events} events lost so far`);
    }
    await load.stop();
    const outcome = await rig.finish({ injected: { kills: loss.kills, ...(loss.bytes > 0 ? { 'bytes cut': loss.bytes } : {}) } });
    return appendFsync === 'always' ? outcome : judged(outcome, loss);
  });
}

/** @param began wall time, ms, at which the marks began: the cut may go back further than they */
async function loseTail(rig: Rig, tail: AofTail, began: number, loss: Loss): Promise<void> {
  const { random } = rig.pass;
  const dead = Date.now();
  // Never so far back that the marks do not tell where it was.
  loss.bytes += tail.cut(Math.min(SECOND_MS, dead - began) * random(), random());
  await rig.restartRedis();
  const since = (await markLeft(rig.admin)) || began;
  loss.worstMs = Math.max(loss.worstMs, dead - since);
  await rig.load.answered();
  rig.log.append({ kind: 'lost', since, until: Date.now() });
  const { starts, events } = await rig.load.sendLostAgain(since);
  loss.starts += starts;
  loss.events += events;
}

function judged(outcome: Outcome, { bytes, worstMs, starts, events }: Loss): Outcome {
  const missed = [...outcome.missed];
  const lost = starts + events + (outcome.figures['steps lost'] ?? 0);
  if (bytes === 0 || lost === 0) missed.push(`${bytes} bytes were cut and ${lost} writes lost: nothing was tried`);
  // The cut is within a second, and the mark before it a moment older.
  if (worstMs > SECOND_MS + 250) missed.push(`a loss reaches ${worstMs} ms back, more than a second`);
  const figures = {
    ...outcome.figures,
    'loss reaches back ms': worstMs,
    'starts sent again': starts,
    'events sent again': events,
  };
  return { ...outcome, missed, figures };
}
