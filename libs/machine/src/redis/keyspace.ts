/**
 * Names of all keys. Everything of a machine, its lease when shared included, carries the tag of the machine's partition
 * (`{stile:7}`), so that one script may touch it on a cluster (rule B2).
 */
export class Keyspace {
  constructor(
    readonly prefix: string,
    readonly partitions: number,
  ) {}

  /** FNV-1a of the id: stable across versions and languages. */
  partitionOf(id: string): number {
    if (this.partitions === 1) return 0;
    let hash = 0x811c9dc5;
    for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
    return (hash >>> 0) % this.partitions;
  }

  tag(partition: number): string {
    return `{${this.prefix}:${partition}}`;
  }

  record(id: string): string {
    return `${this.recordPrefix(this.partitionOf(id))}${id}`;
  }
  lease(id: string): string {
    return `${this.leasePrefix(this.partitionOf(id))}${id}`;
  }
  history(id: string): string {
    return `${this.tag(this.partitionOf(id))}:h:${id}`;
  }

  recordPrefix(partition: number): string {
    return `${this.tag(partition)}:m:`;
  }
  leasePrefix(partition: number): string {
    return `${this.tag(partition)}:l:`;
  }
  watch(partition: number): string {
    return `${this.tag(partition)}:watch`;
  }
  retention(partition: number): string {
    return `${this.tag(partition)}:retention`;
  }
  quarantine(partition: number): string {
    return `${this.tag(partition)}:quarantine`;
  }

  /** BullMQ's prefix for the queues of a partition. */
  queuePrefix(partition: number): string {
    return `${this.tag(partition)}:q`;
  }

  /** Of the deployment as a whole, outside any partition. */
  get layout(): string {
    return `${this.prefix}:layout`;
  }
  get definitions(): string {
    return `${this.prefix}:definitions`;
  }
  get workers(): string {
    return `${this.prefix}:workers`;
  }
  get counts(): string {
    return `${this.prefix}:counts`;
  }
}
