import { Injectable } from '@nestjs/common';
import { Machines, type MachineView } from '@stile/machine';
import type { Response } from 'express';
import { Closing } from '../http/closing';
import { ApiProblem } from '../problems/api-problem';

/** Waits for the end of a machine on behalf of a client, no longer than the client stays and the server runs. */
@Injectable()
export class EndWaiter {
  constructor(
    private readonly machines: Machines,
    private readonly closing: Closing,
  ) {}

  async wait(id: string, timeoutMs: number, response: Response): Promise<MachineView | undefined> {
    const stop = new AbortController();
    const abort = (): void => stop.abort();
    response.once('close', abort);
    this.closing.signal.addEventListener('abort', abort);
    if (this.closing.signal.aborted) abort();
    try {
      const view = await this.machines.wait(id, timeoutMs, stop.signal);
      if (!stop.signal.aborted) return view;
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    } finally {
      response.off('close', abort);
      this.closing.signal.removeEventListener('abort', abort);
    }
    if (this.closing.signal.aborted && !response.closed) return this.machines.get(id);
    throw new ApiProblem('REQUEST_REFUSED', 'the connection was closed'); // nobody reads it
  }
}
