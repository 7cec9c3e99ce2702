import type { Transport } from './transport';
import type { Act, CallOptions, Machine } from './types';

/** Path of a machine. */
export function machinePath(id: string, below = ''): string {
  return `/v1/machines/${encodeURIComponent(id)}${below}`;
}

export interface ActOptions extends Act, CallOptions {}

export interface EditOptions extends ActOptions {
  /** Revision of the machine that the patch was made for; when it has changed since, nothing is done. @default the one it has now */
  readonly revision?: string;
}

/** What an operator does to one machine. An act whose answer was lost is not sent again: it may have been done, and undone by another since. */
export class SteeringClient {
  constructor(protected readonly transport: Transport) {}

  /** Once cancelled it stays so. `graceful` lets the definition's onCancel state clean up. */
  cancel(id: string, options: ActOptions & { readonly mode?: 'graceful' | 'now' } = {}): Promise<Machine> {
    return this.act(id, 'cancel', options);
  }

  /** The step in hand commits, then it rests. */
  pause(id: string, options: ActOptions = {}): Promise<Machine> {
    return this.act(id, 'pause', options);
  }

  resume(id: string, options: ActOptions = {}): Promise<Machine> {
    return this.act(id, 'resume', options);
  }

  /** Tries the step of a failed machine again, with all its retries. */
  retry(id: string, options: ActOptions = {}): Promise<Machine> {
    return this.act(id, 'retry', options);
  }

  /** Takes a machine that is not running to another state. */
  move(id: string, state: string, options: ActOptions = {}): Promise<Machine> {
    return this.act(id, 'move', { ...options, state });
  }

  /** Changes the context of a paused or failed machine. @param patch JSON merge patch (RFC 7396): null removes a key */
  async edit(
    id: string,
    patch: Readonly<Record<string, unknown>>,
    { revision, by, why, signal }: EditOptions = {},
  ): Promise<Machine> {
    const path = machinePath(id);
    const read = async (): Promise<string> =>
      (await this.transport.json<Machine>({ method: 'GET', path, repeatable: true, signal })).revision;
    return this.transport.json({
      method: 'PATCH',
      path: `${path}/context`,
      query: { by, why },
      body: patch,
      headers: { 'content-type': 'application/merge-patch+json', 'if-match': `"${revision ?? (await read())}"` },
      repeatable: false,
      signal,
    });
  }

  private act(id: string, name: string, { signal, ...body }: ActOptions & { readonly state?: string }): Promise<Machine> {
    return this.transport.json({ method: 'POST', path: machinePath(id, `/${name}`), body, repeatable: false, signal });
  }
}
