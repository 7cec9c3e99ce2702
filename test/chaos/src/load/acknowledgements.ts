import { setTimeout as sleep } from 'node:timers/promises';
import { StileError, type Context } from '@stile/machine';
import type { LoadClient } from './load-client';

/** A start or an event that was answered: what it was, and when by this process's clock, ms. */
export interface Acknowledgement {
  readonly at: number;
  readonly correlationId: string;
  readonly what:
    | { readonly kind: 'start'; readonly machine: string; readonly context: Context }
    | { readonly kind: 'event'; readonly event: string; readonly dedupeId: string };
}

/** What came of sending one of them again. `over`: the machine has ended, and nothing can be said of an event to it. */
export type Again = { readonly ack: Acknowledgement } & (
  | { readonly found: 'there' | 'over' }
  | { readonly found: 'lost'; readonly runId: string }
  | { readonly found: 'lost'; readonly outcome: 'taken' | 'kept' | 'ignored' }
);

/**
 * Sends again, in the order of the answers, what was acknowledged: both starts and events are recognised when
 * they are there. Nobody else can bring them back: a client that was answered never repeats by itself.
 */
export async function* sendAgain(client: LoadClient, acknowledged: readonly Acknowledgement[]): AsyncGenerator<Again> {
  for (const ack of acknowledged) yield await untilAnswered(client, ack);
}

async function untilAnswered(client: LoadClient, ack: Acknowledgement): Promise<Again> {
  for (const end = Date.now() + 30_000; ;) {
    try {
      return await once(client, ack);
    } catch (error) {
      if (!(error instanceof StileError) || error.code !== 'STORE_UNAVAILABLE' || Date.now() > end) throw error;
      await sleep(50);
    }
  }
}

async function once({ machines, events }: LoadClient, ack: Acknowledgement): Promise<Again> {
  const { correlationId, what } = ack;
  if (what.kind === 'start') {
    const result = await machines.start({ machine: what.machine, correlationId, context: what.context });
    return result.outcome === 'created' ? { ack, found: 'lost', runId: result.machine.runId } : { ack, found: 'there' };
  }
  const { event, dedupeId } = what;
  try {
    const { outcome } = await events.send(correlationId, { event, data: { id: dedupeId }, dedupeId });
    return outcome === 'duplicate' ? { ack, found: 'there' } : { ack, found: 'lost', outcome };
  } catch (error) {
    if (error instanceof StileError && error.code === 'MACHINE_ENDED') return { ack, found: 'over' };
    throw error;
  }
}
