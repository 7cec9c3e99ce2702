import { Worker } from 'node:worker_threads';
import { FormatError } from '../format-error';

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

/** What the thread runs. Plain JavaScript: it has to run from sources and from what is compiled alike. */
const SCRIPT = `
  const { parentPort, workerData } = require('node:worker_threads');
  const viz = require(workerData).instance();
  parentPort.on('message', async (dot) => {
    try {
      parentPort.postMessage({ layout: (await viz).renderJSON(dot) });
    } catch (error) {
      parentPort.postMessage({ error: String(error) });
    }
  });
`;

type Reply = { readonly layout: Layout } | { readonly error: string };

let worker: Worker | undefined;
let last: Promise<unknown> = Promise.resolve();

/**
 * Lays a graph out with Graphviz' `dot`, compiled to WebAssembly. It runs in a thread of this process, as it is synchronous, and dense graphs take
 * it long (50 states with 150 transitions across: 5 s, with 200 in a row: 0.2 s). The first call loads it, and calls wait for each other. The
 * thread keeps no process alive that has nothing else to do.
 *
 * @throws FormatError when it takes longer than `limitMs`; the thread is ended then, and the next call begins another
 */
export function layOut(dot: string, limitMs: number): Promise<Layout> {
  const layout = last.then(() => ask(dot, limitMs));
  last = layout.catch(() => undefined);
  return layout;
}

function ask(dot: string, limitMs: number): Promise<Layout> {
  const asked = (worker ??= new Worker(SCRIPT, { eval: true, workerData: require.resolve('@viz-js/viz'), execArgv: [] }));
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      clearTimeout(timer);
      asked.off('message', answered).off('error', drop).off('exit', ended); // by name: a Worker listens to itself, too
      asked.unref();
    };
    const drop = (error: Error): void => {
      settle();
      worker = undefined; // an aborted WebAssembly module is of no more use, either
      void asked.terminate();
      reject(error);
    };
    const answered = (reply: Reply): void => {
      if ('error' in reply) return drop(new Error(`Graphviz: ${reply.error}`));
      settle();
      resolve(reply.layout);
    };
    const ended = (): void => drop(new Error('Graphviz: its thread has ended'));
    const timer = setTimeout(() => drop(tooLarge(limitMs)), limitMs);
    asked.on('message', answered).on('error', drop).on('exit', ended);
    asked.ref();
    asked.postMessage(dot);
  });
}

function tooLarge(limitMs: number): FormatError {
  const message = `takes more than ${limitMs} ms to be laid out; take dot, and lay it out with more time`;
  return new FormatError('this graph cannot be drawn', [{ path: '', message }]);
}
