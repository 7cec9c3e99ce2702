import type { Of, Plain } from './commands';
import type { Machine } from './world';

/**
 * What takes a machine on from where it is: commands that know nothing of its state would mostly be refused. Nothing where it has
 * ended, or nobody could do anything.
 */
export function forward(c: Of<'forward'>, { model, claims }: Machine): Plain | undefined {
  const { machine, twice, dies, barred } = c;
  switch (model.status) {
    case 'delayed':
    case 'queued':
      if (model.early) return { do: 'pass', machine };
      return { do: 'claim', machine, job: 'wanted', barred, dies: dies === 'after acquire' ? dies : undefined, twice };
    case 'running': {
      const server = model.leaseHere && c.late ? model.lease : model;
      if (c.word === 'failover' && !server.foreign) return { do: server === model ? 'failover' : 'identity', machine };
      const mine = claims.findIndex((claim) => model.isOurs(claim));
      if (mine >= 0 && c.word !== 'vanish') return speak(c, claims.length - 1 - mine);
      if (model.lease.isLive) return { do: 'expire', machine };
      return { do: 'claim', machine, job: 'wanted', barred, dies: undefined, twice };
    }
    case 'waiting': {
      const event = EVENTS.find((name) => model.takes[name] === 'take');
      if (c.late && model.timer === 'armed') return { do: 'pass', machine };
      if (event && (c.late || model.timer !== 'due'))
        return { do: 'deliver', machine, event, id: FRESH + model.seen.size, twice };
      if (model.timer === 'armed') return { do: 'pass', machine };
      if (model.timer === 'due') return { do: 'sweep', machine, wake: false, twice };
      return { do: 'steer', machine, act: 'move', twice };
    }
    case 'paused':
      return { do: 'steer', machine, act: 'resume', twice };
    case 'failed':
      return { do: 'steer', machine, act: model.cancel ? 'cancel' : 'retry', twice };
    default:
      return undefined;
  }
}

/** What the holder of a claim says. */
function speak(c: Of<'forward'>, claim: number): Plain {
  const { machine, twice, next, waits, dies, forged } = c;
  const common = { machine, claim, forged, twice };
  const where = dies === 'before release' ? dies : undefined;
  if (c.word === 'fail') return { do: 'fail', ...common, next: 'retry', later: waits.timer, dies: where };
  if (c.word === 'release') return { do: 'release', ...common, dies: where };
  return { do: 'commit', ...common, next, waits, dies: dies === 'after acquire' ? undefined : dies };
}

const EVENTS = ['paid', 'other'] as const;
/** Above the ids that commands name by themselves. */
const FRESH = 100;
