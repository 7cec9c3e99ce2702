import type { ChainableCommander } from 'ioredis';
import { isCluster, type RedisConnection } from './connect';

/** One command of a pipeline. */
export interface Ask {
  /** The key it is about. */
  readonly key: string;
  readonly ask: (pipeline: ChainableCommander) => void;
}

export type PipelineReply = [error: Error | null, reply: unknown];

/**
 * Sends commands together, and gives their replies in order. One round trip: to a cluster a pipeline for each hash tag, side by side, as
 * one pipeline must be answered by one node. Nothing is atomic about it.
 *
 * @throws errors of the connection; each command has an error of its own
 */
export async function askTogether(redis: RedisConnection, asks: readonly Ask[]): Promise<readonly PipelineReply[]> {
  const replies: PipelineReply[] = [];
  const groups = isCluster(redis) ? byTag(asks) : [asks.map((ask, i) => ({ ask, i }))];
  await Promise.all(
    groups.map(async (group) => {
      const pipeline = redis.pipeline();
      for (const { ask } of group) ask.ask(pipeline);
      const found = (await pipeline.exec()) ?? [];
      group.forEach(({ i }, place) => (replies[i] = found[place] ?? [new Error('Connection is closed.'), undefined]));
    }),
  );
  return replies;
}

/** What a cluster makes a key's slot from: what is between the first braces, else all of it. */
export function tagOf(key: string): string {
  return /^[^{]*\{([^}]+)\}/.exec(key)?.[1] ?? key;
}

function byTag(asks: readonly Ask[]): { ask: Ask; i: number }[][] {
  const groups = new Map<string, { ask: Ask; i: number }[]>();
  asks.forEach((ask, i) => {
    const tag = tagOf(ask.key);
    const group = groups.get(tag);
    if (group) group.push({ ask, i });
    else groups.set(tag, [{ ask, i }]);
  });
  return [...groups.values()];
}
