import { Repeater } from '../load/repeater';
import { withRig } from '../rig/rig';
import type { Fault } from './fault';

const TIMES = 10;

/** Every job ten times, out of order and late, over machines that run one step a job. */
export const duplicates: Fault = {
  name: 'duplicates',
  title: 'Every job delivered 10 times, shuffled, 100,000 deliveries',
  target: 'I1, I4; duplicates counted',
  quickSeconds: 12,
  run: (pass) =>
    withRig(pass, { task: { stickySteps: 1 } }, async (rig) => {
      const wanted = pass.size === 'quick' ? 5000 : 100_000;
      const { keys } = rig.client;
      const repeater = new Repeater({
        redisUrl: rig.redis.url,
        queuePrefix: keys.queuePrefix(0),
        queue: 'machines',
        times: TIMES,
        random: pass.random,
      });
      await rig.fleet.spawnReady(2);
      repeater.start();
      while (repeater.originals * TIMES < wanted) {
        await rig.load.mixed(20);
        await rig.queueBelow(2000);
      }
      await repeater.stop();
      await rig.queueBelow(1);
      const totals = await rig.totals();
      const missed = totals.duplicate ? [] : ['no duplicate was counted'];
      const deliveries = repeater.originals + repeater.copies;
      if (deliveries < wanted) missed.push(`${deliveries} deliveries, fewer than ${wanted}`);
      rig.fault('duplicates', `${repeater.copies}`);
      return rig.finish({
        injected: { 'repeated deliveries': repeater.copies },
        missed,
        figures: {
          deliveries,
          'counted duplicate': totals.duplicate ?? 0,
          'counted contended': totals.contended ?? 0,
          'counted stale': totals.stale ?? 0,
        },
      });
    }),
};
