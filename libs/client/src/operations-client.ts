import { bodyOfFilter, type MachineFilter } from './filter';
import { randomId } from './random-id';
import type { Transport } from './transport';
import type { Act, CallOptions, Operation } from './types';

export interface ActOnMany extends Act, CallOptions {
  readonly act: 'retry' | 'cancel' | 'pause' | 'resume';
  /** Of a cancellation. @default 'graceful' */
  readonly mode?: 'graceful' | 'now';
  /** At least one condition; every machine there is has to be asked for as such. */
  readonly filter: MachineFilter | { readonly all: true };
  /** Names the operation: the same request again is the same operation. @default a new UUID */
  readonly operationId?: string;
}

export interface SendToMany extends CallOptions {
  /** Either this or `tag`. */
  readonly machine?: string;
  readonly tag?: { readonly key: string; readonly value: string };
  readonly event: string;
  readonly data?: unknown;
  readonly by?: string;
  /** @default a new UUID */
  readonly operationId?: string;
}

export interface Redrive extends Act, CallOptions {
  /** Machines at most. @default 'all' */
  readonly count?: number | 'all';
  /** @default a new UUID */
  readonly operationId?: string;
}

/** What is done to many machines, in the background, by workers. */
export class OperationsClient {
  constructor(private readonly transport: Transport) {}

  /** @returns the operation's id */
  async act({ signal, filter, operationId = randomId(), ...rest }: ActOnMany): Promise<string> {
    const body = { ...rest, filter: 'all' in filter ? filter : bodyOfFilter(filter), operationId };
    return this.begin('/v1/operations', body, signal);
  }

  /** Sends an event to all machines of a name, or with a tag. @returns the operation's id */
  async send({ signal, operationId = randomId(), ...rest }: SendToMany): Promise<string> {
    return this.begin('/v1/events', { ...rest, operationId }, signal);
  }

  /** Retries the machines of a group of failures; stops by itself when they fail again. @returns the operation's id */
  async redrive(group: string, { signal, operationId = randomId(), ...rest }: Redrive = {}): Promise<string> {
    return this.begin(`/v1/failures/${encodeURIComponent(group)}/redrive`, { ...rest, operationId }, signal);
  }

  /** Newest first. */
  async list({ signal }: CallOptions = {}): Promise<Operation[]> {
    const call = { method: 'GET', path: '/v1/operations', repeatable: true, signal } as const;
    return (await this.transport.json<{ items: Operation[] }>(call)).items;
  }

  get(id: string, { signal }: CallOptions = {}): Promise<Operation> {
    return this.transport.json({ method: 'GET', path: pathOf(id), repeatable: true, signal });
  }

  /** Reaches no further machines; one that has ended stays as it is. */
  stop(id: string, { signal }: CallOptions = {}): Promise<Operation> {
    return this.transport.json({ method: 'POST', path: `${pathOf(id)}/stop`, repeatable: true, signal });
  }

  /** The same operation under the same id is one: each has its id before it is sent. */
  private async begin(path: string, body: object, signal?: AbortSignal): Promise<string> {
    const call = { method: 'POST', path, body, repeatable: true, signal } as const;
    return (await this.transport.json<{ operationId: string }>(call)).operationId;
  }
}

function pathOf(id: string): string {
  return `/v1/operations/${encodeURIComponent(id)}`;
}
