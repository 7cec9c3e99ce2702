import { bindAll, StileRuntime } from '@stile/machine';
import { LogWriter } from '../log';
import { CrashPoints } from './crash-points';
import { chaosMachines } from './machines';
import { Recorder } from './recorder';
import { shiftClock } from './shift-clock';
import { sample } from './sample';
import type { WorkerTask } from './task';

/** A worker as `apps/worker` puts it together, without Nest, whose machines write down what they do. */
async function main(): Promise<void> {
  const task = JSON.parse(process.argv[2] ?? '') as WorkerTask;
  const trueNow = Date.now;
  shiftClock(task.clockOffsetMs ?? 0);
  const log = new LogWriter(task.log, 'worker', { now: trueNow });
  const name = log.source;
  const crashes = new CrashPoints(task.crash, log);
  const recorder = new Recorder(task.silent ? undefined : log, name, task.sink, crashes);
  const { bound } = bindAll(chaosMachines(recorder, task.versions), new Map());
  const { redisUrl, prefix, leaseUrl, leaseSecondaryUrl, leaseTtlMs, concurrency, shutdownMs, crashLimit, stickySteps } = task;
  const write = (level: string) => (message: string) => console.log(`${trueNow()} ${level} ${message}`);
  const runtime = new StileRuntime(
    {
      redis: { url: redisUrl },
      prefix,
      lease: { url: leaseUrl, secondaryUrl: leaseSecondaryUrl, ttlMs: leaseTtlMs },
      retentionMs: task.retentionMs ?? 3_600_000,
      faults: { reach: (moment, operation) => crashes.reach(moment, operation) },
      worker: { name, concurrency, shutdownMs, crashLimit, stickySteps },
    },
    { debug: () => undefined, log: write('log'), warn: write('warn'), error: write('error') },
  );
  const stop = (): void => void runtime.stop().then(() => process.exit(0));
  process.once('SIGTERM', stop).once('SIGINT', stop);
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL')); // its starter is gone
  await runtime.start({
    find: (machine, version) => bound.find(({ definition }) => definition.name === machine && definition.version === version),
    all: () => bound,
  });
  process.on('message', () => process.send?.(sample()));
  process.send?.('ready');
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
