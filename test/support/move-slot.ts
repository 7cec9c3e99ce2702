import { ask, type LocalRedis } from '@stile/local-redis';

/** The slot of a key, and the master that has it. */
export async function slotOf(masters: readonly LocalRedis[], key: string): Promise<{ slot: number; owner: LocalRedis }> {
  const slot = Number(await ask(masters[0]?.port ?? 0, 'CLUSTER', 'KEYSLOT', key));
  for (const master of masters) {
    const ranges = (await ask(master.port, 'CLUSTER', 'SLOTS')) as [number, number, [string, number]][];
    const port = ranges.find(([from, to]) => from <= slot && slot <= to)?.[2][1];
    const owner = masters.find((each) => each.port === port);
    if (owner) return { slot, owner };
  }
  throw new Error(`nobody has slot ${slot}`);
}

/**
 * Moves a slot as `redis-cli --cluster reshard` does, key by key while clients go on.
 *
 * @param between called after each batch of keys
 * @returns how many keys were moved
 */
export async function moveSlot(
  masters: readonly LocalRedis[],
  slot: number,
  { from, to, batch = 20 }: { from: LocalRedis; to: LocalRedis; batch?: number },
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<number> {
  const [fromId, toId] = await Promise.all([from, to].map(({ port }) => ask(port, 'CLUSTER', 'MYID')));
  await ask(to.port, 'CLUSTER', 'SETSLOT', String(slot), 'IMPORTING', String(fromId));
  await ask(from.port, 'CLUSTER', 'SETSLOT', String(slot), 'MIGRATING', String(toId));
  let moved = 0;
  for (;;) {
    const keys = (await ask(from.port, 'CLUSTER', 'GETKEYSINSLOT', String(slot), String(batch))) as string[];
    if (keys.length === 0) break;
    await ask(from.port, 'MIGRATE', '127.0.0.1', String(to.port), '', '0', '5000', 'KEYS', ...keys);
    moved += keys.length;
    await between();
  }
  // The new owner first: else there is a moment in which both send clients to the other.
  const others = masters.filter((master) => master !== to && master !== from);
  for (const { port } of [to, from, ...others]) await ask(port, 'CLUSTER', 'SETSLOT', String(slot), 'NODE', String(toId));
  return moved;
}
