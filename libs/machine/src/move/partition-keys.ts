import { Keyspace } from '../redis/keyspace';

/** Names of keys of what is in one partition, wherever it belongs. */
export class PartitionKeys extends Keyspace {
  constructor(
    prefix: string,
    private readonly partition: number,
  ) {
    super(prefix, partition + 1);
  }

  override partitionOf(): number {
    return this.partition;
  }
}

/** Partition and id that a key of this letter names; nothing where it is none of this prefix. */
export function readMachineKey(
  prefix: string,
  letter: 'm' | 'x' | 'k',
  key: string,
): { partition: number; id: string } | undefined {
  const begin = `{${prefix}:`;
  const rest = key.startsWith(begin) ? key.slice(begin.length) : '';
  const [, partition, found, id] = /^(\d{1,4})\}:(.):(.+)$/s.exec(rest) ?? [];
  return found === letter && id !== undefined ? { partition: Number(partition), id } : undefined;
}
