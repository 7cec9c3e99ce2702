import type { Transport } from './transport';
import type { CallOptions, PutSchedule, Schedule } from './types';

/** What is started by the clock. */
export class SchedulesClient {
  constructor(private readonly transport: Transport) {}

  async list({ signal }: CallOptions = {}): Promise<Schedule[]> {
    const call = { method: 'GET', path: '/v1/schedules', repeatable: true, signal } as const;
    return (await this.transport.json<{ items: Schedule[] }>(call)).items;
  }

  get(name: string, { signal }: CallOptions = {}): Promise<Schedule> {
    return this.transport.json({ method: 'GET', path: pathOf(name), repeatable: true, signal });
  }

  /** Makes it, or replaces the one of this name; the same one again changes nothing. */
  put({ name, ...body }: PutSchedule, { signal }: CallOptions = {}): Promise<Schedule> {
    return this.transport.json({ method: 'PUT', path: pathOf(name), body, repeatable: true, signal });
  }

  /** Machines that were started go on. */
  remove(name: string, { signal }: CallOptions = {}): Promise<void> {
    return this.transport.done({ method: 'DELETE', path: pathOf(name), repeatable: false, signal });
  }

  stop(name: string, { signal }: CallOptions = {}): Promise<Schedule> {
    return this.transport.json({ method: 'POST', path: `${pathOf(name)}/stop`, repeatable: true, signal });
  }

  start(name: string, { signal }: CallOptions = {}): Promise<Schedule> {
    return this.transport.json({ method: 'POST', path: `${pathOf(name)}/start`, repeatable: true, signal });
  }

  /** Starts its machine now. @returns the machine's correlation id */
  async trigger(name: string, { signal }: CallOptions = {}): Promise<string> {
    const call = { method: 'POST', path: `${pathOf(name)}/trigger`, repeatable: false, signal } as const;
    return (await this.transport.json<{ correlationId: string }>(call)).correlationId;
  }
}

function pathOf(name: string): string {
  return `/v1/schedules/${encodeURIComponent(name)}`;
}
