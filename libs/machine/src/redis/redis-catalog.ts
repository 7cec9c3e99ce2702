import type { RedisConnection } from './connect';
import type { Definition } from '../core/definition';
import type { DefinitionCatalog } from '../core/ports';
import type { Keyspace } from './keyspace';
import { answered } from './store-error';

/** How long the API may answer from what it read before, ms. A start of a machine that is not there yet reads anew. */
const FRESH_MS = 1000;

/** Published definitions: one hash, field `name@version`. Workers write it, the API reads it. */
export class RedisDefinitionCatalog implements DefinitionCatalog {
  private cached?: { readAt: number; definitions: ReadonlyMap<string, Definition> };

  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
    private readonly monotonic: () => number,
  ) {}

  async publish(definitions: readonly Definition[]): Promise<readonly string[]> {
    if (definitions.length === 0) return [];
    const fields = definitions.map(({ name, version }) => `${name}@${version}`);
    const texts = definitions.map((definition) => JSON.stringify(definition));
    const before = await this.redis.hmget(this.keys.definitions, ...fields);
    await this.redis.hset(this.keys.definitions, ...fields.flatMap((field, i) => [field, texts[i] as string]));
    this.cached = undefined;
    return fields.filter((_, i) => before[i] !== null && before[i] !== texts[i]);
  }

  async find(name: string, version?: number): Promise<Definition | undefined> {
    return pick(await this.read(FRESH_MS), name, version) ?? pick(await this.read(0), name, version);
  }

  async all(): Promise<readonly Definition[]> {
    return [...(await this.read(0)).values()].sort((a, b) =>
      a.name === b.name ? a.version - b.version : a.name < b.name ? -1 : 1,
    );
  }

  private async read(maxAgeMs: number): Promise<ReadonlyMap<string, Definition>> {
    const now = this.monotonic();
    if (this.cached && now - this.cached.readAt < maxAgeMs) return this.cached.definitions;
    const fields = await answered(this.redis.hgetall(this.keys.definitions));
    const definitions = new Map<string, Definition>();
    for (const [field, text] of Object.entries(fields)) {
      const definition = parse(text);
      if (definition) definitions.set(field, definition);
    }
    this.cached = { readAt: now, definitions };
    return definitions;
  }
}

/** One field that somebody broke must not hide the others: it is as if it had not been published. */
function parse(text: string): Definition | undefined {
  try {
    const definition = JSON.parse(text) as Definition;
    return typeof definition.name === 'string' && typeof definition.states === 'object' ? definition : undefined;
  } catch {
    return undefined;
  }
}

function pick(definitions: ReadonlyMap<string, Definition>, name: string, version?: number): Definition | undefined {
  if (version !== undefined) return definitions.get(`${name}@${version}`);
  let latest: Definition | undefined;
  for (const definition of definitions.values()) {
    if (definition.name === name && definition.version > (latest?.version ?? 0)) latest = definition;
  }
  return latest;
}
