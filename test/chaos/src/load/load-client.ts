import { StileApiError, StileConnectionError, type StileClient } from '@stile/client';
import { StileError, StoreUnavailableError, type MachineEvents, type Machines } from '@stile/machine';

/** What load is sent through: Redis at once, or the API. */
export interface LoadClient {
  readonly machines: Pick<Machines, 'start' | 'get'>;
  readonly events: Pick<MachineEvents, 'send'>;
}

/**
 * The same over HTTP. What the client gives up, after all its own repeats, is told as an outage of the store: load counts it as refused.
 *
 * @param version that a start is pinned to; none takes the highest there is
 */
export function overHttp(client: StileClient, version: (machine: string) => number | undefined): LoadClient {
  const ask = async <T>(request: () => Promise<T>): Promise<T> => {
    try {
      return await request();
    } catch (error) {
      throw error instanceof StileConnectionError ? new StoreUnavailableError(error.message) : known(error);
    }
  };
  return {
    machines: {
      start: ({ machine, correlationId, context }) =>
        ask(async () => {
          const started = await client.start({ machine, correlationId, context, version: version(machine) });
          return { outcome: 'created', machine: started } as unknown as Awaited<ReturnType<Machines['start']>>;
        }),
      get: (id) => ask(() => client.get(id)) as ReturnType<Machines['get']>,
    },
    events: {
      send: (id, { event, data, dedupeId }) =>
        ask(() => client.send(id, event, { data, dedupeId })) as ReturnType<MachineEvents['send']>,
    },
  };
}

/** What the API has refused, by the code that the runtime would have given it. */
class RefusedError extends StileError {
  constructor(
    readonly code: string,
    detail: string,
  ) {
    super(detail);
  }
}

function known(error: unknown): unknown {
  return error instanceof StileApiError ? new RefusedError(error.code, error.detail) : error;
}
