import type { Job } from '../../../libs/machine/src/core/model';
import type { SteerAct } from '../../../libs/machine/src/core/message-ports';
import type { Claim, ClaimResult, CommitResult, FailResult } from '../../../libs/machine/src/core/ports';
import { rest } from '../support/event-bench';
import { change, failure, item } from '../support/store-bench';
import type { Of, Plain } from './commands';
import { agree, holds } from './disagreement';
import type { Act, Answer, Policy, Waits } from './machine-model';
import { Died } from './mortal-leases';
import type { Snapshot } from './snapshot';
import { ELSEWHERE, LATER_MS, OVERDUE, RETENTION_MS, type Call, type Machine, type World } from './world';

/** What was said, by the store and by the model. Nothing where the command has nothing to act on. */
type Said = readonly [real: unknown, expected: unknown] | undefined;

/** Does one command to the stores and to the model. */
export async function perform(world: World, machine: Machine, c: Plain, at: Snapshot): Promise<Said> {
  switch (c.do) {
    case 'claim':
      return claim(world, machine, c, at);
    case 'commit':
    case 'fail':
    case 'release':
    case 'renew':
    case 'note': {
      const mine = machine.claims.at(-1 - c.claim);
      return mine && speak(world, machine, c, forge(mine, c));
    }
    case 'deliver': {
      const { outcome, ...more } = await world.inbox.deliver(machine.id, c.event, '', { kind: 'id', id: `e${c.id}` });
      const job = 'job' in more ? more.job : undefined;
      machine.add(job);
      return [
        { outcome, job: job !== undefined },
        { job: false, ...machine.model.deliver(c.event, `e${c.id}`) },
      ];
    }
    case 'steer': {
      const result = await world.steering.steer(machine.id, actOf(c.act), world.newNonce(), {});
      const job = 'job' in result ? result.job : undefined;
      machine.add(job);
      return [{ outcome: result.outcome, job: job !== undefined }, machine.model.act(c.act)];
    }
    case 'sweep':
      return sweep(world, machine, c, at);
    default:
      return befall(world, machine, c, at);
  }
}

async function claim(world: World, machine: Machine, c: Of<'claim'>, at: Snapshot): Promise<Said> {
  const call = callOf(world, machine, c, at);
  if (!call) return undefined;
  const { job, nonce, barred } = call;
  machine.calls.push(call);
  const result = await alive<ClaimResult>(() => world.steps.claim(job, nonce, barred));
  const seen = result?.outcome === 'claimed' ? result.claim.fence : undefined;
  const expected = machine.model.claim(job, nonce, barred, seen ?? (await tokenOf(world, machine)), c.dies);
  if (!result) return [{ outcome: 'died' }, expected];
  if (result.outcome === 'claimed') {
    const { event, steps, retries } = result.claim;
    const { model } = machine;
    agree('what a claim is given', { event, steps, retries }, { event: model.event, steps: model.steps, retries: model.retries });
    hold(machine, result.claim);
    return [{ outcome: 'claimed', fence: result.claim.fence, claims: result.claim.claims }, expected];
  }
  if (result.outcome !== 'duplicate' && result.outcome !== 'future') return [{ outcome: result.outcome }, expected];
  machine.add(result.redrive);
  return [{ outcome: result.outcome, job: result.redrive !== undefined }, expected];
}

/** A token that was granted, and then the worker died, or was refused: it may have jumped. */
async function tokenOf(world: World, { id }: Machine): Promise<number> {
  return Number(await world.redis.hget(world.leaseKeys.lease(id), 'fence'));
}

function callOf(world: World, machine: Machine, { job, barred }: Of<'claim'>, at: Snapshot): Call | undefined {
  if (typeof job === 'object' && 'again' in job) return machine.calls.at(-1 - job.again);
  const nonce = world.newNonce();
  const wanted = world.wanted(machine, at);
  const { steps, rev, retries, drive } = wanted;
  if (typeof job === 'object') {
    const old = machine.jobs.at(-1 - job.old);
    return old && { job: old, nonce, barred };
  }
  const changed: Record<string, Partial<Job>> = {
    wanted: {},
    'steps ahead': { steps: steps + 1 },
    'rev ahead': { rev: rev + 1 },
    'retries ahead': { retries: retries + 1 },
    'other drive': { drive: drive + 3 },
    'other version': { version: 2 },
  };
  return { job: { ...wanted, ...changed[job as string] }, nonce, barred };
}

/** K1: a token stands for one claim only. */
function hold(machine: Machine, mine: Claim): void {
  const known = machine.claims.some(({ fence, nonce }) => fence === mine.fence && nonce === mine.nonce);
  holds('no token is issued twice', known || !machine.tokens.has(mine.fence), mine);
  machine.tokens.add(mine.fence);
  if (!known) machine.claims.push(mine);
}

function forge(mine: Claim, { forged }: Word): Claim {
  const { fence, nonce, steps, retries } = mine;
  const other = { fence: Math.max(1, fence - 1), nonce: `not ${nonce}`, steps: steps + 1, retries: retries + 1 };
  return forged ? { ...mine, [forged]: other[forged] } : mine;
}

type Word = Of<'commit'> | Of<'fail'> | Of<'release'> | Of<'renew'> | Of<'note'>;

async function speak(world: World, machine: Machine, c: Word, mine: Claim): Promise<Said> {
  const { model } = machine;
  const { steps: store } = world;
  switch (c.do) {
    case 'commit': {
      const { next, waits } = c;
      const committed = item({ steps: mine.steps, retries: mine.retries, fence: mine.fence });
      const asked = change(next, { rest: restOf(waits), item: committed, delayMs: next === 'delayed' ? LATER_MS : 0 });
      const result = await alive<CommitResult>(() => store.commit(mine, asked));
      const expected = model.commit(mine, { next, waits }, c.dies);
      if (!result) return [{ outcome: 'died' }, expected];
      if ('claim' in result) {
        agree('what a sticky step is given', result.claim.event, model.event);
        hold(machine, result.claim);
        return [{ outcome: 'continue', fence: result.claim.fence, claims: result.claim.claims }, expected];
      }
      return [told(machine, result), expected];
    }
    case 'fail': {
      const failed = item({ steps: mine.steps, retries: mine.retries, fence: mine.fence, outcome: 'failed' });
      const result = await store.fail(mine, failure(c.next, { item: failed, delayMs: c.later ? LATER_MS : 0 }));
      return [told(machine, result), model.fail(mine, c.next, c.later, c.dies)];
    }
    case 'release': {
      const job = await store.release(mine);
      machine.add(job);
      return [job !== undefined, model.release(mine, c.dies).job];
    }
    case 'renew':
      return [await store.renew(mine), model.renew(mine).outcome];
    case 'note': {
      const noted = await store.note(mine, { kind: 'result', key: c.key, json: '1' });
      return [noted, model.note(mine, c.key).outcome === 'noted'];
    }
  }
}

function told(machine: Machine, result: Exclude<CommitResult, { claim: Claim }> | FailResult): Answer {
  const job = 'job' in result ? result.job : undefined;
  machine.add(job);
  if (result.outcome === 'stale') return { outcome: 'stale' };
  return { outcome: 'next' in result ? result.next : result.outcome, job: job !== undefined };
}

async function sweep(world: World, machine: Machine, c: Of<'sweep'>, at: Snapshot): Promise<Said> {
  await world.makeOverdue(machine);
  const { drive, fired, garbage, deliver } = await world.watch.sweep(0, 100);
  agree('what a sweep finds besides', { garbage, deliver }, { garbage: [], deliver: [] });
  const real = [...drive.map((job) => `drive ${job.correlationId}`), ...fired.map((job) => `fired ${job.correlationId}`)];
  const expected = world.machines.flatMap((each) => {
    if (each !== machine && at.score(world.keys.watch(0), each.id) !== OVERDUE) return [];
    const found = each.model.sweep(each.model.leaseHere);
    return found ? [`${found} ${each.id}`] : [];
  });
  for (const job of [...drive, ...fired]) world.machines.find(({ id }) => id === job.correlationId)?.add(job);
  const dead = drive.find(({ correlationId }) => correlationId === machine.id);
  agree('what a sweep finds', real.sort(), expected.sort());
  if (!c.wake || !dead) return undefined;
  const woken = await world.watch.wake(dead);
  machine.add(woken);
  return [woken !== undefined, machine.model.wake(dead, dead.drive).job];
}

/** What nobody has asked for. */
async function befall(world: World, machine: Machine, c: Plain, at: Snapshot): Promise<Said> {
  const { model, id } = machine;
  const { redis } = world;
  const lease = world.leaseKeys.lease(id);
  if (c.do === 'expire' && model.lease.holder !== '') {
    await redis.hset(lease, 'until', 1);
    model.lease.expire();
  } else if (c.do === 'identity' && model.lease.counter > 0) {
    await redis.hset(lease, 'server', ELSEWHERE);
    model.lease.foreign = true;
  } else if (c.do === 'loss') {
    await redis.del(lease);
    model.lease.forget();
  } else if (c.do === 'failover') {
    // A record that has not kept its server can't tell that there is another one now.
    if (at.hash(world.keys.record(id)).server !== undefined) await redis.hset(world.keys.record(id), 'server', ELSEWHERE);
    model.foreign = true;
  } else if (c.do === 'pass') {
    await world.pass(machine, at);
    model.pass();
  }
  return undefined;
}

/** Nothing where the worker died meanwhile. */
async function alive<T>(run: () => Promise<T>): Promise<T | undefined> {
  return run().catch((error: unknown) => {
    if (error instanceof Died) return undefined;
    throw error;
  });
}

function restOf({ takes, timer, stayed, goOn }: Waits) {
  const of = (policy: Policy) => Object.keys(takes).filter((event) => takes[event] === policy);
  const sketch = { take: of('take'), ignore: of('ignore'), reject: of('reject'), stayed, goOn };
  return rest({ ...sketch, after: timer ? { [LATER_MS]: 'late' } : {} });
}

export function actOf(act: Act): SteerAct {
  if (act === 'move') return { kind: 'move', state: 'z' };
  if (act === 'pause' || act === 'resume' || act === 'retry') return { kind: act };
  const mode = act === 'now' ? 'now' : 'graceful';
  return { kind: 'cancel', mode, cleanup: act === 'clean' ? 'tidy' : '', retentionMs: RETENTION_MS };
}
