import { randomBytes } from 'node:crypto';
import type { Machines } from '../../core/machines';
import {
  compactIso,
  InvalidScheduleError,
  ScheduleNotFoundError,
  Schedules,
  type Schedule,
  type ScheduleView,
} from '../../core/schedules';
import { MAX_SCHEDULES, type ScheduleAlarms, type ScheduleState, type ScheduleStore } from '../../core/schedules-ports';
import type { EngineLog } from '../options';
import { checkSchedule } from './check-schedule';
import { nextAtOf, scheduleView } from './schedule-view';
import { startRequest } from './start-request';

/** Writes schedules down, then sets their alarms. A process that dies in between leaves that to the workers, who look every 30 s. */
export class ScheduleService extends Schedules {
  constructor(
    private readonly store: ScheduleStore,
    private readonly alarms: ScheduleAlarms,
    private readonly machines: Machines,
    private readonly log: EngineLog,
    private readonly contextBytes?: number,
  ) {
    super();
  }

  async put(schedule: Schedule): Promise<ScheduleView> {
    const spec = checkSchedule(schedule, this.contextBytes);
    if ((await this.store.put(spec)) === 'full') {
      throw new InvalidScheduleError('name', spec.name, `is one too many: there are ${MAX_SCHEDULES} schedules; remove one`);
    }
    return this.afterChange(spec.name);
  }

  async get(name: string): Promise<ScheduleView | undefined> {
    const state = await this.store.read(name);
    return state && scheduleView(state);
  }

  async list(): Promise<readonly ScheduleView[]> {
    const names = [...(await this.store.names())].sort();
    const states = await Promise.all(names.map((name) => this.store.read(name)));
    return states.flatMap((state) => (state ? [scheduleView(state)] : []));
  }

  async remove(name: string): Promise<boolean> {
    const was = await this.store.remove(name);
    await this.attempt(name, this.alarms.remove(name));
    return was;
  }

  stop(name: string): Promise<ScheduleView> {
    return this.switch(name, 'stopped');
  }
  start(name: string): Promise<ScheduleView> {
    return this.switch(name, 'running');
  }

  async trigger(name: string): Promise<{ readonly correlationId: string }> {
    const { spec, now, unreadable } = await this.find(name);
    if (unreadable) throw unreadable; // a machine with an empty context is not what was asked for
    const correlationId = `${name}.${compactIso(now)}-${randomBytes(3).toString('hex')}`;
    await this.machines.start(startRequest(spec, correlationId));
    return { correlationId };
  }

  private async switch(name: string, to: 'stopped' | 'running'): Promise<ScheduleView> {
    if (!(await this.store.switch(name, to))) throw new ScheduleNotFoundError(name);
    return this.afterChange(name);
  }

  private async afterChange(name: string): Promise<ScheduleView> {
    const state = await this.find(name);
    await this.attempt(name, this.alarms.set(state, nextAtOf(state)));
    return scheduleView(state);
  }

  private async find(name: string): Promise<ScheduleState> {
    const state = await this.store.read(name);
    if (!state) throw new ScheduleNotFoundError(name);
    return state;
  }

  /** The schedule is stored: an alarm that cannot be set now is set by a worker. */
  private async attempt(name: string, work: Promise<void>): Promise<void> {
    await work.catch((error: unknown) => this.log.warn(`schedule ${name}: its alarm is left to the workers: ${String(error)}`));
  }
}
