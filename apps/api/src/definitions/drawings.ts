import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { FormatError, toAsl, toDot, toJson, toMermaid, toSvg, toXState } from '@stile/formats';
import type { Definition } from '@stile/machine';
import type { GraphFormat } from './graph.dto';

/** Drawings that are kept: more than the definitions of most deployments, and some megabytes at most. */
const KEPT = 200;

export interface Drawing {
  readonly text: string;
  readonly contentType: string;
  /** Of format and definition: another one is another drawing. */
  readonly digest: string;
}

const CONTENT_TYPES: Readonly<Record<GraphFormat, string>> = {
  svg: 'image/svg+xml; charset=utf-8',
  dot: 'text/vnd.graphviz; charset=utf-8',
  mermaid: 'text/plain; charset=utf-8',
  asl: 'application/json; charset=utf-8',
  xstate: 'application/json; charset=utf-8',
  json: 'application/json; charset=utf-8',
};

/** Definitions in other formats. Laying out an SVG may take seconds of a processor: each is drawn once, also where many ask at the same time. */
@Injectable()
export class Drawings {
  /** By digest, the one used last at the end. */
  private readonly svgs = new Map<string, Promise<string>>();

  async of(definition: Definition, format: GraphFormat): Promise<Drawing> {
    const digest = createHash('sha256')
      .update(`${format} ${toJson(definition)}`)
      .digest('base64url')
      .slice(0, 27);
    const text = format === 'svg' ? await this.svg(definition, digest) : write(definition, format);
    return { text, contentType: CONTENT_TYPES[format], digest };
  }

  private svg(definition: Definition, digest: string): Promise<string> {
    const drawing = this.svgs.get(digest) ?? toSvg(definition);
    this.svgs.delete(digest);
    this.svgs.set(digest, drawing);
    drawing.catch((error: unknown) => {
      if (!(error instanceof FormatError)) this.svgs.delete(digest); // what is too large stays so
    });
    const [oldest] = this.svgs.keys();
    if (this.svgs.size > KEPT && oldest !== undefined) this.svgs.delete(oldest);
    return drawing;
  }
}

function write(definition: Definition, format: Exclude<GraphFormat, 'svg'>): string {
  switch (format) {
    case 'dot':
      return toDot(definition);
    case 'mermaid':
      return toMermaid(definition);
    case 'asl':
      return JSON.stringify(toAsl(definition).asl);
    case 'xstate':
      return JSON.stringify(toXState(definition).machine);
    case 'json':
      return toJson(definition);
  }
}
