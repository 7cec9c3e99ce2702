import type { Context, Step } from '@stile/machine';
import type { ActionPlace } from '../log';
import type { LogWriter } from '../log';
import type { CrashPoints } from './crash-points';
import { postEffect } from './effect';
import type { ActionKind } from './task';

export type Work<R> = (context: Context, step: Step) => R | Promise<R>;

/** Writes down what the actions of one worker do. */
export class Recorder {
  constructor(
    /** None: nothing is written down, and nothing done outside. */
    private readonly log: LogWriter | undefined,
    private readonly worker: string,
    private readonly sink: string,
    private readonly crashes: CrashPoints,
  ) {}

  /** An action that is written down, can be killed at both its ends, and does `work` in between. */
  action<R>(kind: ActionKind, name: string, work: Work<R>): (context: Context, step: Step) => Promise<R> {
    const { log } = this;
    if (!log) return async (context, step) => work(context, step);
    return async (context, step) => {
      log.append({ kind: 'attempt', ...this.place(name, step) });
      this.crashes.reach('before', kind);
      const onAbort = (): void => {
        const { code, name: type } = step.signal.reason as Error & { code?: string };
        log.append({ kind: 'aborted', ...this.place(name, step), reason: code ?? type });
      };
      if (step.signal.aborted) onAbort();
      else step.signal.addEventListener('abort', onAbort, { once: true });
      const result = await work(context, step);
      this.crashes.reach('after', kind);
      log.append({ kind: 'acted', ...this.place(name, step) });
      return result;
    };
  }

  /** Something done outside Stile: once per idempotency key, and never by a worker with a stale fence. */
  async effect(step: Step): Promise<void> {
    if (!this.log) return;
    const { correlationId, runId, idempotencyKey: key, fence } = step;
    await postEffect(this.sink, { correlationId, runId, key, fence });
  }

  /** Keeps in the context which events the machine has taken. */
  take(context: Context, step: Step): void {
    const { id } = step.event.data as { id: string };
    (context.taken as string[]).push(id);
    const { correlationId, runId, steps, retries, fence } = step;
    this.log?.append({ kind: 'taken', correlationId, runId, steps, retries, fence, dedupeId: id });
  }

  private place(action: string, step: Step): ActionPlace {
    const { correlationId, runId, machine, steps, retries, fence, to: state, event, idempotencyKey: key } = step;
    return { correlationId, runId, machine, steps, retries, fence, state, action, event: event.name, worker: this.worker, key };
  }
}
