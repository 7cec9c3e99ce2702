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

  /** Everything else of a machine. All of it goes when the record goes. */
  inbox(id: string): string {
    return `${this.tag(this.partitionOf(id))}:i:${id}`;
  }
  /** What has been delivered: dedupe ids by the order they came in, and per sending run how far it has got. */
  seen(id: string): string {
    return `${this.tag(this.partitionOf(id))}:s:${id}`;
  }
  highWater(id: string): string {
    return `${this.tag(this.partitionOf(id))}:w:${id}`;
  }
  outbox(id: string): string {
    return `${this.tag(this.partitionOf(id))}:o:${id}`;
  }
  /** What the attempts at the step in hand have left for the next one. */
  results(id: string): string {
    return `${this.tag(this.partitionOf(id))}:r:${id}`;
  }
  callbacks(id: string): string {
    return `${this.tag(this.partitionOf(id))}:t:${id}`;
  }
  children(id: string): string {
    return `${this.tag(this.partitionOf(id))}:c:${id}`;
  }
  /** Its own data key, where machines have one each. */
  dataKey(id: string): string {
    return `${this.tag(this.partitionOf(id))}:k:${id}`;
  }
  tombstone(id: string): string {
    return `${this.tag(this.partitionOf(id))}:x:${id}`;
  }

  /** Machines with one tag: a sorted set of ids by the time of their start, as long as they are kept. */
  tagIndex(partition: number, key: string, value: string): string {
    const name = key.replace(/[%=]/g, encodeURIComponent); // or the tag a=b of c would be that of a=b=c
    return `${this.tag(partition)}:ix:t:${name}=${value}`;
  }
  /** All indexes that a machine is in by its tags. @param tags JSON text; what cannot be read names no index */
  tagIndexesOf(id: string, tags: string): string[] {
    const partition = this.partitionOf(id);
    return Object.entries(parseTags(tags)).map(([key, value]) => this.tagIndex(partition, key, value));
  }
  /** Ids of the machines in a place (see core/place), by the time of their start. */
  place(partition: number, place: string): string {
    return `${this.tag(partition)}:ix:p:${place}`;
  }
  /** The places that are not empty. */
  places(partition: number): string {
    return `${this.tag(partition)}:ix:places`;
  }
  /** What the machines in places of failed ones failed with, by place. */
  failureGroups(partition: number): string {
    return `${this.tag(partition)}:ix:groups`;
  }
  /** All ids, ordered by their bytes. */
  ids(partition: number): string {
    return `${this.tag(partition)}:ix:ids`;
  }
  /** Machines stopped by a hold, a set for each hold; and the names of those sets. */
  held(partition: number, hold: string): string {
    return `${this.tag(partition)}:held:${hold}`;
  }

  /** In the order of `machine_keys` in the scripts. */
  ofMachine(id: string): string[] {
    const tag = this.tag(this.partitionOf(id));
    const own = (letter: string): string => `${tag}:${letter}:${id}`;
    return [own('m'), own('l'), `${tag}:watch`, own('h'), `${tag}:retention`, own('i'), own('o'), own('r'), own('t'), own('c')];
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

  /** Whoever writes machines of the partition into the archive at the moment. */
  archiving(partition: number): string {
    return `${this.tag(partition)}:archiving`;
  }

  /** BullMQ's prefix for the queues of a partition. */
  queuePrefix(partition: number): string {
    return `${this.tag(partition)}:q`;
  }

  /** Of the deployment as a whole, outside any partition. */
  get layout(): string {
    return `${this.prefix}:layout`;
  }
  /** Hash of the processes that have started and not ended, by incarnation. */
  get processes(): string {
    return `${this.prefix}:processes`;
  }
  /** When the last snapshot was begun, server ms; and whoever writes one at the moment. */
  get snapshot(): string {
    return `${this.prefix}:snapshot`;
  }
  get snapshotting(): string {
    return `${this.prefix}:snapshotting`;
  }
  get definitions(): string {
    return `${this.prefix}:definitions`;
  }
  get workers(): string {
    return `${this.prefix}:workers`;
  }
  /** Stream of what operators did. */
  get audit(): string {
    return `${this.prefix}:audit`;
  }
  /** Hash of holds on definitions and states, by name. */
  get holds(): string {
    return `${this.prefix}:holds`;
  }
  get holdNames(): string {
    return `${this.prefix}:hold-names`;
  }
  /** Limits of tenants and definitions. What counts against them is under the same tag: see the scripts' `includes/share`. */
  get shares(): string {
    return `{${this.prefix}:shares}:limits`;
  }
  /** What callback tokens are made from. */
  get secret(): string {
    return `${this.prefix}:secret`;
  }
  /** Hashes of API keys by id, and of when they were last used. */
  get apiKeys(): string {
    return `${this.prefix}:api-keys`;
  }
  get apiKeysUsed(): string {
    return `${this.prefix}:api-keys-used`;
  }
  /** Of somebody who has signed in to the page. @param hash of what the browser shows */
  session(hash: string): string {
    return `${this.prefix}:session:${hash}`;
  }
  /** Hash of data keys, by tenant. */
  get dataKeys(): string {
    return `${this.prefix}:keys`;
  }
  get counts(): string {
    return `${this.prefix}:counts`;
  }
  get timings(): string {
    return `${this.prefix}:timings`;
  }
  /** Times of one minute since the epoch. */
  figures(machine: string, version: number, minute: number): string {
    return `${this.prefix}:figures:${machine}@${version}:${minute}`;
  }
}

/** None where somebody has written something else there by hand. */
function parseTags(text: string): Record<string, string> {
  try {
    return (JSON.parse(text) as Record<string, string> | null) ?? {};
  } catch {
    return {};
  }
}
