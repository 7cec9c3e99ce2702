import { backoffMs } from './backoff';
import { reasonOf, StileApiError, StileConnectionError } from './errors';
import { readServerSentEvents, type ServerSentEvent } from './server-sent-events';
import type { Transport } from './transport';
import type { CallOptions, HistoryItem, Machine } from './types';

/** What a stream tells. */
export type StreamEvent =
  | { readonly type: 'history'; readonly item: HistoryItem }
  /** First of all, and whenever its status has changed; also each time the stream had to be opened again. */
  | { readonly type: 'machine'; readonly machine: Machine }
  /** So many items that were asked for are kept no more. */
  | { readonly type: 'lost'; readonly count: number }
  /** The last one. */
  | { readonly type: 'end'; readonly status: Machine['status'] };

export interface StreamOptions extends CallOptions {
  /** Number of the last item of the history that is known already. @default 0 */
  readonly after?: number;
  /** How long the API may be away before the stream is given up, ms. @default 60000 */
  readonly patienceMs?: number;
}

/** The server says something every 15 s at least. */
const SILENCE_MS = 40_000;

/**
 * What happens to a machine, as it happens, until it has ended. A connection that breaks is opened again where it broke: no item is
 * missed, and none is told twice.
 */
export async function* streamMachine(
  transport: Transport,
  path: string,
  { after = 0, patienceMs = 60_000, signal }: StreamOptions,
): AsyncGenerator<StreamEvent, void, undefined> {
  let last = after;
  let cutAt: number | undefined;
  for (let attempt = 0; ; attempt++) {
    let pauseMs: number | undefined;
    try {
      const headers = { accept: 'text/event-stream', ...(last > 0 ? { 'last-event-id': String(last) } : {}) };
      const response = await transport.open({ method: 'GET', path, headers, repeatable: true, signal });
      if (!response.body) throw new Error('the answer has no body');
      for await (const raw of readServerSentEvents(response.body, SILENCE_MS)) {
        attempt = 0;
        cutAt = undefined;
        const event = eventOf(raw);
        if (!event) continue;
        if (event.type === 'history') last = event.item.number;
        if (event.type === 'lost') last += event.count;
        yield event;
        if (event.type === 'end') return;
      }
    } catch (error) {
      if (signal?.aborted) throw signal.reason as Error;
      if (error instanceof StileApiError) {
        pauseMs = transport.pauseMs(error, true, attempt);
        if (pauseMs === undefined) throw error;
      }
      cutAt ??= performance.now();
      if (performance.now() - cutAt > patienceMs) {
        if (error instanceof StileApiError || error instanceof StileConnectionError) throw error;
        throw new StileConnectionError(transport.url, 'UNREACHABLE', reasonOf(error), { cause: error });
      }
    }
    await transport.parts.sleep(pauseMs ?? backoffMs(attempt, transport.parts.random), signal);
  }
}

/** Nothing for events that a later server may tell. */
function eventOf({ event, data }: ServerSentEvent): StreamEvent | undefined {
  switch (event) {
    case 'history':
      return { type: 'history', item: JSON.parse(data) as HistoryItem };
    case 'machine':
      return { type: 'machine', machine: JSON.parse(data) as Machine };
    case 'lost':
      return { type: 'lost', count: (JSON.parse(data) as { count: number }).count };
    case 'end':
      return { type: 'end', status: (JSON.parse(data) as { status: Machine['status'] }).status };
    default:
      return undefined;
  }
}
