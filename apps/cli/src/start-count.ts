import { randomUUID } from 'node:crypto';
import { StileApiError, type BulkItem, type BulkOutcome, type Machine, type StartMachine, type StileClient } from '@stile/client';
import { EXIT } from './exit-codes';
import { inPool } from './in-pool';
import { statusColour } from './output/paint';
import { ProgressLine } from './output/progress-line';
import { table } from './output/table';
import { open, type OnlineOptions } from './session';

/** Requests at the same time. */
const AT_ONCE = 20;
const BATCH = 200;

interface CountOptions extends OnlineOptions {
  readonly count: number;
  readonly id?: string;
  readonly wait?: boolean;
  readonly timeout?: number;
}

/** Starts many machines that differ in their ids alone, and maybe waits for all of them. */
export async function startCount(options: CountOptions, request: StartMachine): Promise<void> {
  const { client, out } = open(options);
  const { count, id = `${request.machine}-${randomUUID().slice(0, 8)}`, wait = false, timeout } = options;
  const ids = Array.from({ length: count }, (_, i) => `${id}-${i + 1}`);
  const line = new ProgressLine();
  try {
    await start(client, request, ids, (done) => line.show(done, count, 'started'));
    const statuses = wait ? await waitForAll(client, ids, timeout, (done) => line.show(done, count, 'ended')) : undefined;
    line.clear();
    const first = ids[0] as string;
    const last = ids.at(-1) as string;
    if (!statuses) return out.result({ started: count, first, last }, () => `started ${count}: ${first} to ${last}`);
    const counts = [...tally(statuses)].map(([status, machines]) => ({ status, machines }));
    out.result({ started: count, first, last, statuses: Object.fromEntries(tally(statuses)) }, (paint) =>
      table(
        counts,
        [
          { title: 'status', value: ({ status }) => status, colour: ({ status }) => statusColour(status) },
          { title: 'machines', value: ({ machines }) => machines },
        ],
        paint,
      ),
    );
    if (statuses.some((status) => status !== 'completed')) process.exitCode = EXIT.failed;
  } finally {
    line.clear();
  }
}

/** In bulk, unless the request says more than an item of a bulk can. */
async function start(
  client: StileClient,
  request: StartMachine,
  ids: readonly string[],
  onProgress: (done: number) => void,
): Promise<void> {
  const { machine, context, ...more } = request;
  let done = 0;
  if (Object.values(more).some((value) => value !== undefined)) {
    return inPool(ids, AT_ONCE, async (correlationId) => {
      await client.start({ ...request, correlationId });
      onProgress(++done);
    });
  }
  for (let from = 0; from < ids.length; from += BATCH) {
    const items: BulkItem[] = ids.slice(from, from + BATCH).map((correlationId) => ({ correlationId, context }));
    (await client.startMany(machine, items)).forEach(throwRefused);
    onProgress((done += items.length));
  }
}

function throwRefused({ problem }: BulkOutcome): void {
  if (problem) throw new StileApiError(problem.status, problem.code, problem.detail, problem.errors);
}

async function waitForAll(
  client: StileClient,
  ids: readonly string[],
  timeoutMs: number | undefined,
  onProgress: (done: number) => void,
): Promise<Machine['status'][]> {
  const statuses: Machine['status'][] = [];
  const until = performance.now() + (timeoutMs ?? Infinity);
  await inPool(ids, AT_ONCE, async (id) => {
    const { status } = await client.wait(id, { timeoutMs: Math.max(0, until - performance.now()) });
    statuses.push(status);
    onProgress(statuses.length);
  });
  return statuses;
}

function tally<T>(values: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
