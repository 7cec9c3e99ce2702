import type { GraphFormat } from '@stile/client';
import type { Definition } from '@stile/machine';

/** A definition in another tool's words, and what is lost on the way. */
export interface Rendered {
  readonly text: string;
  readonly notes: readonly string[];
}

export async function renderGraph(definition: Definition, format: GraphFormat): Promise<Rendered> {
  const { toAsl, toDot, toJson, toMermaid, toSvg, toXState } = await import('@stile/formats');
  switch (format) {
    case 'svg':
      return { text: await toSvg(definition), notes: [] };
    case 'dot':
      return { text: toDot(definition), notes: [] };
    case 'mermaid':
      return { text: toMermaid(definition), notes: [] };
    case 'json':
      return { text: toJson(definition), notes: [] };
    case 'asl': {
      const { asl, notes } = toAsl(definition);
      return { text: JSON.stringify(asl, null, 2), notes };
    }
    case 'xstate': {
      const { machine, notes } = toXState(definition);
      return { text: JSON.stringify(machine, null, 2), notes };
    }
  }
}
