import type { FaultInjector, Moment, Operation } from '@stile/machine';
import type { LogWriter } from '../log';
import type { ActionKind, WorkerTask } from './task';

/** Kills this process, by a real SIGKILL, when it comes to its point: nothing of it runs on, nothing is flushed. */
export class CrashPoints implements FaultInjector {
  private passed = 0;

  constructor(
    private readonly crash: WorkerTask['crash'],
    private readonly log: LogWriter,
  ) {}

  reach(moment: Moment, place: Operation | ActionKind): void {
    const { crash } = this;
    if (!crash || crash.at !== `${moment} ${place}` || ++this.passed < crash.nth) return;
    this.log.append({ kind: 'fault', what: 'sigkill', target: crash.at });
    process.kill(process.pid, 'SIGKILL');
    for (;;); // the signal may take a moment: not one more instruction of the caller
  }
}
