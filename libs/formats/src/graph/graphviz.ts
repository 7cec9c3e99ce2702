import type { Viz } from '@viz-js/viz';

/** A point in Graphviz' coordinates: y grows upwards. */
export type Point = readonly [x: number, y: number];

/** What is drawn, in the words of xdot: shapes (`p`, `P`, `e`, `E`, `b`, `B`, `L`), text (`T`), font (`F`); the rest is style. */
export interface DrawOp {
  readonly op: string;
  readonly points?: readonly Point[];
  /** Centre and radii of an ellipse. */
  readonly rect?: readonly [x: number, y: number, rx: number, ry: number];
  readonly pt?: Point;
  readonly text?: string;
  readonly size?: number;
}

export interface Drawn {
  /** The `id` attribute in the DOT. */
  readonly id?: string;
  readonly _draw_?: readonly DrawOp[];
  readonly _ldraw_?: readonly DrawOp[];
  readonly _hdraw_?: readonly DrawOp[];
}

/** Graphviz' `json` output, as far as it is used here. */
export interface Layout {
  /** Bounding box: `0,0,width,height`. */
  readonly bb: string;
  readonly objects?: readonly Drawn[];
  readonly edges?: readonly Drawn[];
}

let viz: Promise<Viz> | undefined;

/**
 * Lays a graph out with Graphviz' `dot`, compiled to WebAssembly and run in this process. The first call loads it; it takes about 1 MB
 * and no network. Synchronous once loaded: whoever serves others should keep what comes out.
 */
export async function layOut(dot: string): Promise<Layout> {
  viz ??= import('@viz-js/viz').then((module) => module.instance());
  try {
    return (await viz).renderJSON(dot) as Layout;
  } catch (error) {
    viz = undefined; // not loaded, or aborted: of no more use either way
    throw error;
  }
}
