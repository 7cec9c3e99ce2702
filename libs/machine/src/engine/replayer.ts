import { InvalidActError, MachineNotFoundError } from '../core/errors';
import type { Machines } from '../core/machines';
import type { ReplayOrigin, StartRequest, StartResult } from '../core/model';
import { quote } from '../core/names';
import { recordedSteps, Replays, StepNotRecordedError, type RecordedStep, type ReplayRequest } from '../core/replays';
import { UnreadableError } from '../core/sealed-error';
import type { Json } from '../core/step';
import { checkAct } from './check-act';
import { isMachineId } from './check-start';

/** Starts a machine that has come from a recorded step of another. */
export interface ReplayStarter extends Pick<Machines, 'get' | 'history'> {
  /** @param data that came with the event */
  startReplay(request: StartRequest, origin: ReplayOrigin, data: Json | undefined): Promise<StartResult>;
}

/** Replays recorded steps as new machines. */
export class Replayer extends Replays {
  constructor(private readonly machines: ReplayStarter) {
    super();
  }

  async replay(id: string, { step = 0, correlationId, by, why }: ReplayRequest = {}): Promise<StartResult> {
    checkAct({ by, why });
    if (!Number.isSafeInteger(step) || step < 0) {
      throw new InvalidActError('step', step, `is ${quote(step)}; give the number of a step, from 0`);
    }
    const view = isMachineId(id) ? await this.machines.get(id) : undefined;
    if (!view) throw new MachineNotFoundError(id);
    if (view.unreadable) throw new UnreadableError(id, view.unreadable);
    const items = await this.machines.history(id);
    if (!items) throw new MachineNotFoundError(id);
    const { machine, version, tags, runId } = view;
    const { state, event, context, data } = pick(id, step, recordedSteps(items));
    const origin = { correlationId: id, runId, step, ...(by ? { by } : {}), ...(why ? { why } : {}) };
    return this.machines.startReplay({ correlationId, machine, version, state, event, context, tags: { ...tags } }, origin, data);
  }
}

function pick(id: string, step: number, steps: ReadonlyMap<number, RecordedStep | string>): RecordedStep {
  const found = steps.get(step);
  if (found !== undefined && typeof found !== 'string') return found;
  const recorded = [...steps].flatMap(([number, began]) => (typeof began === 'string' ? [] : [number]));
  const first = Math.min(...steps.keys());
  const absent = step < first && first !== Infinity ? 'it is kept no more' : 'it has not been run';
  throw new StepNotRecordedError(id, step, found ?? absent, recorded);
}
