import type { DueJob, Job } from '../../../libs/machine/src/core/model';
import { change, item } from '../support/store-bench';
import type { Command, Plain } from './commands';
import { forward } from './forward';
import { agree, Disagreement, holds } from './disagreement';
import { checkInvariants, compare } from './invariants';
import { actOf, perform } from './perform';
import { checkPlaces } from './places';
import type { Snapshot } from './snapshot';
import type { Machine, World } from './world';

/** Moves of a driver that nothing disturbs, until any machine has ended or waits for somebody outside. */
const MOVES = 10;

/** Does the commands one by one, each checked; then lets faults stop and drives both machines to their end. */
export async function checkRun(world: World, commands: readonly Command[]): Promise<void> {
  const trace: string[] = [];
  try {
    await world.start();
    let before = await world.snapshot();
    for (const command of commands) before = await checkCommand(world, command, before, trace);
    for (const machine of world.machines) await checkEnd(world, machine);
    checkPlaces(world, await world.snapshot());
  } catch (error) {
    if (error instanceof Error) error.message += `\nafter\n  ${trace.join('\n  ')}`;
    throw error;
  } finally {
    await world.close();
  }
}

async function checkCommand(world: World, asked: Command, before: Snapshot, trace: string[]): Promise<Snapshot> {
  const machine = world.machines[asked.machine] as Machine;
  const command = asked.do === 'forward' ? forward(asked, machine) : asked;
  if (!command) return before;
  trace.push(JSON.stringify(command));
  const was = modelText(machine);
  const jobs = machine.jobs.length;
  world.client.twice = 'twice' in command && command.twice;
  world.leases.dies = 'dies' in command ? command.dies : undefined;
  const said = await perform(world, machine, command, before);
  world.client.twice = false;
  world.leases.dies = undefined;
  for (const { model } of world.machines) model.forgetClaim();
  if (said) agree(`the answer to ${command.do}`, said[0], said[1]);
  const after = await world.snapshot();
  for (const each of world.machines) {
    compare(world, each, after);
    checkInvariants(world, each, before, after);
  }
  checkPlaces(world, after);
  const idle = modelText(machine) === was;
  if (!('forged' in command && command.forged)) checkJobs(world, machine, machine.jobs.slice(jobs), after);
  const touches = mayTouch(world, command);
  if (touches && idle && !after.equals(before, touches)) {
    throw new Disagreement(`what a ${command.do} leaves that comes to nothing`, after.sorted(touches), before.sorted(touches));
  }
  return after;
}

/** A job that is ahead of its machine would be taken for a sign that the store has gone back in time. */
function checkJobs(world: World, machine: Machine, jobs: readonly Job[], at: Snapshot): void {
  const wanted = world.wanted(machine, at);
  for (const job of jobs) {
    const order = job.steps - wanted.steps || job.rev - wanted.rev || job.retries - wanted.retries;
    holds('C2: no job is handed out that is ahead of its machine', order <= 0, { job, wanted });
  }
}

/** Keys and fields that a command may write though nothing comes of it; undefined where there is nothing to be said. */
function mayTouch(world: World, command: Plain): string[] | undefined {
  if (command.do === 'claim') return [world.keys.watch(0)]; // a lease that is held is watched by its expiry
  if (command.do === 'renew') return ['until', world.keys.watch(0)];
  if (command.do === 'sweep' || command.do === 'pass' || command.do === 'loss') return undefined;
  return [];
}

function modelText({ model }: Machine): string {
  return JSON.stringify(model, (_key, value: unknown) => (value instanceof Set ? [...value] : value));
}

/** I3: no machine is stranded. Only what the stores themselves hand out is used. */
async function checkEnd(world: World, machine: Machine): Promise<void> {
  const { id } = machine;
  const trace: unknown[] = [];
  for (let move = 0; move < MOVES; move++) {
    const at = await world.snapshot();
    const { status, timers } = at.hash(world.keys.record(id));
    trace.push(status);
    if (status === 'completed' || status === 'failed' || status === 'cancelled') return;
    if (status === 'waiting' && timers === undefined) return;
    if (status === 'paused') {
      await world.steering.steer(id, actOf('resume'), world.newNonce(), {});
      continue;
    }
    // Whoever ran it is gone, and time goes on.
    if (at.list(world.leaseKeys.lease(id)).length > 0) await world.redis.hset(world.leaseKeys.lease(id), 'until', 1);
    await world.pass(machine, at);
    await world.makeOverdue(machine);
    const { drive, fired } = await world.watch.sweep(0, 100);
    const job = [...drive, ...fired].find(({ correlationId }) => correlationId === id);
    holds(`I3: the sweep finds a ${status} machine whose worker is gone`, job !== undefined, trace);
    trace.push(await takeToItsEnd(world, job as DueJob));
  }
  holds(`I3: ${id} ends or waits after ${MOVES} moves without a fault`, false, trace);
}

async function takeToItsEnd(world: World, first: DueJob): Promise<string> {
  const result = await world.steps.claim(first, world.newNonce());
  if (result.outcome === 'duplicate' && result.redrive) {
    const again = await world.steps.claim(result.redrive, world.newNonce());
    return again.outcome === 'claimed' ? (await world.steps.release(again.claim), 'released') : again.outcome;
  }
  if (result.outcome !== 'claimed') return result.outcome;
  const { steps, retries, fence } = result.claim;
  return (await world.steps.commit(result.claim, change('completed', { item: item({ steps, retries, fence }) }))).outcome;
}
