import type { Transport } from './transport';
import type { CallOptions, Definition, DefinitionFigures, DefinitionWithVersions } from './types';

export const GRAPH_FORMATS = ['svg', 'dot', 'mermaid', 'asl', 'xstate', 'json'] as const;
export type GraphFormat = (typeof GRAPH_FORMATS)[number];

export interface VersionOptions extends CallOptions {
  /** @default the highest one published */
  readonly version?: number;
}

/** What workers have published. */
export class DefinitionsClient {
  constructor(private readonly transport: Transport) {}

  /** All versions of all. */
  async list({ signal }: CallOptions = {}): Promise<Definition[]> {
    const call = { method: 'GET', path: '/v1/definitions', repeatable: true, signal } as const;
    return (await this.transport.json<{ items: Definition[] }>(call)).items;
  }

  get(name: string, { version, signal }: VersionOptions = {}): Promise<DefinitionWithVersions> {
    return this.transport.json({ method: 'GET', path: pathOf(name), query: { version }, repeatable: true, signal });
  }

  /** The state graph as text. @param format default `svg` */
  graph(name: string, format: GraphFormat = 'svg', { version, signal }: VersionOptions = {}): Promise<string> {
    const path = `${pathOf(name)}/graph`;
    return this.transport.text({ method: 'GET', path, query: { version, format }, repeatable: true, signal });
  }

  /** Throughput and times of each state. */
  figures(name: string, { version, signal }: VersionOptions = {}): Promise<DefinitionFigures> {
    return this.transport.json({ method: 'GET', path: `${pathOf(name)}/figures`, query: { version }, repeatable: true, signal });
  }
}

function pathOf(name: string): string {
  return `/v1/definitions/${encodeURIComponent(name)}`;
}
