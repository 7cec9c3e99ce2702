import { QuarantinedError } from '../core/errors';
import type { Keyspace } from './keyspace';
import { callScript } from './scripts';
import { answered } from './store-error';
import type { RedisConnection } from './connect';

/** The parts of a machine in the order of the scripts `copy` and `place`; hashes and the sorted set as field, value, …, lists as they are. */
export const PARTS = [
  'record',
  'lease',
  'history',
  'inbox',
  'outbox',
  'results',
  'callbacks',
  'children',
  'seen',
  'highWater',
  'dataKey',
] as const;
export type Part = (typeof PARTS)[number];

/** All that there is of one machine, at one moment. Texts are opaque. */
export interface MachineCopy {
  readonly id: string;
  /** Server ms at which it was read. */
  readonly at: number;
  /** Server ms; none where it is not kept by time: it lives, or its outbox is not empty. */
  readonly retention?: number;
  readonly parts: Readonly<Record<Part, readonly string[]>>;
}

/**
 * @returns nothing where there is no record
 * @throws QuarantinedError where a key is of another type: somebody has written into the store by hand
 * @throws StoreUnavailableError
 */
export async function copyMachine(redis: RedisConnection, keys: Keyspace, id: string): Promise<MachineCopy | undefined> {
  const names = keysToCopy(keys, id);
  const reply = await answered(callScript<[string, string, ...string[][]]>(redis, 'copy', names, [id]));
  const [at, retention, ...lists] = reply;
  if (at === 'garbage') throw new QuarantinedError(id, retention);
  const [record] = lists;
  if (record === undefined || record.length === 0) return undefined;
  const parts = Object.fromEntries(PARTS.map((part, i) => [part, lists[i] ?? []])) as unknown as MachineCopy['parts'];
  return { id, at: Number(at), ...(retention === '' ? {} : { retention: Number(retention) }), parts };
}

/** In the order of the scripts `copy`, `place` and `evict`. A machine's own data key, where it has one, is a hash, too. */
export function keysToCopy(keys: Keyspace, id: string): string[] {
  return [...keys.ofMachine(id), keys.seen(id), keys.highWater(id), `${keys.tag(keys.partitionOf(id))}:k:${id}`];
}

/** Fields of a part that is a hash. */
export function fieldsIn(part: readonly string[]): Record<string, string> {
  const entries: [string, string][] = [];
  for (let i = 0; i + 1 < part.length; i += 2) entries.push([part[i] as string, part[i + 1] as string]);
  return Object.fromEntries(entries);
}

/** What tells whether a machine that has ended is still as it was read; `retire` makes the same. */
export function sealOf({ parts }: MachineCopy): string {
  const { run = '', rev = '0', updated = '', history = '' } = fieldsIn(parts.record);
  return `${run} ${rev} ${updated} ${parts.history.length + Buffer.byteLength(history)}`;
}
