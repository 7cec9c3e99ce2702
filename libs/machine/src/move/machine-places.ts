import type { ScriptArgument } from '@stile/lease';
import type { Keyspace } from '../redis/keyspace';
import { fieldsIn, keysToCopy, PARTS, type MachineCopy } from '../redis/machine-copy';
import { callScript } from '../redis/scripts';
import { answered } from '../redis/store-error';
import type { RedisConnection } from '../redis/connect';

/** What a copy needs to be put somewhere. */
export interface Placed {
  readonly copy: MachineCopy;
  /** Text of the group of failures that it is in; '' for none. */
  readonly title: string;
}

/** Puts machines where they belong by a keyspace, and drops them from where they belong by another. */
export class MachinePlaces {
  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
  ) {}

  /** @returns false where a machine to be restored is there already, or one to be moved is there and has changed */
  async put({ copy, title }: Placed, how: 'restored' | 'moved' | 'moved-apart'): Promise<boolean> {
    // The client flattens what it is given: as arguments of a call, a hundred thousand texts would be too many.
    const parts = PARTS.flatMap((part) => [copy.parts[part].length, copy.parts[part]]) as unknown as ScriptArgument[];
    const { own, indexes } = this.keysOf(copy);
    const args = [copy.id, how, copy.retention ?? '', title, indexes.length, ...parts];
    return Number(await answered(callScript<number>(this.redis, 'place', [...own, ...indexes], args))) === 1;
  }

  async evict(copy: MachineCopy): Promise<void> {
    const { own, indexes } = this.keysOf(copy);
    await answered(callScript<number>(this.redis, 'evict', [...own, ...indexes], [copy.id]));
  }

  async titleOf(copy: MachineCopy): Promise<string> {
    const { place = '' } = fieldsIn(copy.parts.record);
    if (!place.includes('|failed|')) return '';
    return (await answered(this.redis.hget(this.keys.failureGroups(this.keys.partitionOf(copy.id)), place))) ?? '';
  }

  private keysOf({ id, parts }: MachineCopy): { readonly own: string[]; readonly indexes: string[] } {
    const { keys } = this;
    const { tags = '{}', hold = '' } = fieldsIn(parts.record);
    const own = [...keysToCopy(keys, id), keys.held(keys.partitionOf(id), hold)];
    return { own, indexes: keys.tagIndexesOf(id, tags) };
  }
}
