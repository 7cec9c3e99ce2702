import type { Transport } from './transport';
import type { CallOptions, Hold, PutHold } from './types';

/** What is held: definitions, versions of them, or states. */
export class HoldsClient {
  constructor(private readonly transport: Transport) {}

  async list({ signal }: CallOptions = {}): Promise<Hold[]> {
    const call = { method: 'GET', path: '/v1/holds', repeatable: true, signal } as const;
    return (await this.transport.json<{ items: Hold[] }>(call)).items;
  }

  /** The same again changes nothing. */
  put(hold: PutHold, { signal }: CallOptions = {}): Promise<Hold> {
    return this.transport.json({ method: 'PUT', path: '/v1/holds', body: hold, repeatable: true, signal });
  }

  /** Lets go what it has stopped. */
  remove(hold: Pick<PutHold, 'machine' | 'version' | 'state'>, { signal }: CallOptions = {}): Promise<void> {
    const { machine, version, state } = hold;
    return this.transport.done({
      method: 'DELETE',
      path: '/v1/holds',
      query: { machine, version, state },
      repeatable: false,
      signal,
    });
  }
}
