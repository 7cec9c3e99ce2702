import type { StileRuntime } from '@stile/machine';

const BATCH = 100;

/**
 * How long each step of machines that never wait took, ms by the server's clock: from the end of the step before, or from the start of the
 * machine, to the beginning of the next one. So the time in a queue, between two workers, is in it.
 */
export async function stepLatencies(client: StileRuntime, ids: readonly string[]): Promise<number[]> {
  const latencies: number[] = [];
  for (let from = 0; from < ids.length; from += BATCH) {
    for (const times of await Promise.all(ids.slice(from, from + BATCH).map((id) => timesOf(client, id)))) {
      latencies.push(...times);
    }
  }
  return latencies;
}

async function timesOf(client: StileRuntime, id: string): Promise<number[]> {
  const [view, history = []] = await Promise.all([client.machines.get(id), client.machines.history(id)]);
  if (!view?.finishedAt) return [];
  const begun = history.filter(({ outcome }) => outcome === 'committed').map(({ startedAt }) => Date.parse(startedAt));
  const moments = [Date.parse(view.createdAt), ...begun.slice(1), Date.parse(view.finishedAt)];
  return moments.slice(1).map((at, i) => at - moments[i]!);
}
