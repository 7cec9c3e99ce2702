import { randomId } from './random-id';
import type { Transport } from './transport';
import type { BulkItem, BulkOutcome } from './types';

/** What one request may hold, and a margin below the 1 MB that a body may have. */
const MAX_ITEMS = 1000;
const MAX_BYTES = 900_000;

/** Starts machines in as many requests as it takes, one after the other. Each has an id before it is sent, so that a repeat starts none twice. */
export async function startBatches(
  transport: Transport,
  machine: string,
  items: readonly BulkItem[],
  signal?: AbortSignal,
): Promise<BulkOutcome[]> {
  const outcomes: BulkOutcome[] = [];
  for (const batch of batchesOf(items.map((item) => ({ ...item, correlationId: item.correlationId ?? randomId() })))) {
    const body = { machine, items: batch };
    const call = { method: 'POST', path: '/v1/machines/bulk', body, repeatable: true, signal } as const;
    outcomes.push(...(await transport.json<{ items: BulkOutcome[] }>(call)).items);
  }
  return outcomes;
}

function* batchesOf(items: readonly BulkItem[]): Generator<BulkItem[]> {
  let batch: BulkItem[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = new TextEncoder().encode(JSON.stringify(item)).length + 1;
    if (batch.length > 0 && (batch.length === MAX_ITEMS || bytes + size > MAX_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
