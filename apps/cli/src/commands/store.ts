import { readConfig, redisDoor } from '@stile/config';
import { Argument, type Command } from 'commander';
import { newAct } from '../audited-command';
import { EXIT } from '../exit-codes';
import { wholeNumber } from '../input/arguments';
import type { Output } from '../output/output';
import { ProgressLine } from '../output/progress-line';
import { PlainError } from '../plain-error';
import { offlineOutput, withJson, type JsonOptions } from '../session';

/** What is done to the store as a whole, while no API and no worker runs. */
export function addStore(program: Command): void {
  withJson(program.command('rebuild'))
    .description('restore all machines from a snapshot (STILE_SNAPSHOT_URL) into an empty Redis (STILE_REDIS_URL)')
    .argument('[snapshot]', 'name of a file in the folder; by default the newest that is whole')
    .action((name: string | undefined, options: JsonOptions) => rebuild(name, offlineOutput(options)));
  withJson(program.command('repartition'))
    .description(
      'move all machines in Redis (STILE_REDIS_URL) to another number of partitions; stop APIs and workers first, or say --live',
    )
    .addArgument(new Argument('<partitions>', '1 to 1024').argParser(wholeNumber(1, 1024)))
    .option('--live', 'have running APIs and workers drain and end by themselves, and wait for them')
    .action((to: number, { live, ...options }: JsonOptions & { live?: boolean }) =>
      move(to, live ?? false, offlineOutput(options)),
    );
}

async function rebuild(name: string | undefined, out: Output): Promise<void> {
  const config = readConfig();
  const { prefix, partitions, snapshotUrl: snapshots, auditEntries } = config;
  if (snapshots === undefined)
    throw new PlainError('STILE_SNAPSHOT_URL is not set: give the folder of the snapshots', EXIT.usage);
  const { rebuildDeployment } = await import('@stile/machine'); // only now: see read-machines.ts
  const line = new ProgressLine();
  const report = await refusals(() =>
    rebuildDeployment({
      ...{ redis: redisDoor(config), prefix, partitions, snapshots, log: logTo(out) },
      ...{ act: newAct(), auditEntries },
      ...(name === undefined ? {} : { name }),
      onProgress: (done, total) => line.show(done, total),
    }),
  ).finally(() => line.clear());
  const { snapshot, at, restored, machines, lostChildren } = report;
  const begun = new Date(at).toISOString();
  out.result({ ...report, at: begun }, () =>
    [
      `restored ${restored} of ${machines} machines from ${snapshot}`,
      `steps committed since ${begun} are run again, events acknowledged since then are lost`,
      ...(lostChildren === 0
        ? []
        : [`${lostChildren} children are in no snapshot: their parents were told that they failed (CHILD_LOST)`]),
      'start APIs and workers now',
    ].join('\n'),
  );
}

async function move(to: number, live: boolean, out: Output): Promise<void> {
  const config = readConfig();
  const { prefix, leaseUrl, leaseSecondaryUrl, auditEntries } = config;
  const { repartitionDeployment } = await import('@stile/machine');
  let told = 0;
  const onWaiting = (processes: number): void => {
    if (processes !== told) out.note(`${processes} APIs and workers are asked to leave`);
    told = processes;
  };
  const line = new ProgressLine();
  const report = await refusals(() =>
    repartitionDeployment({
      ...{ redis: redisDoor(config), prefix, lease: { url: leaseUrl, secondaryUrl: leaseSecondaryUrl }, to, log: logTo(out) },
      ...{ act: newAct(), auditEntries, live, onWaiting },
      onProgress: (moved) => line.show(moved, null),
    }),
  ).finally(() => line.clear());
  const { from, moved } = report;
  out.result(report, () =>
    from === to
      ? `there are ${to} partitions already`
      : `moved ${moved} machines; there are ${to} partitions now, there were ${from}\nstart APIs and workers with STILE_PARTITIONS=${to}`,
  );
}

function logTo(out: Output) {
  const note = (text: string): void => out.note(text);
  return { debug: () => undefined, log: note, warn: note, error: note };
}

/** A store that is not fit for it is told in a sentence. */
async function refusals<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'STORE_UNFIT') throw error;
    throw new PlainError((error as Error).message, EXIT.refused);
  }
}
