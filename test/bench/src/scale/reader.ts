import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { httpClient } from '../http-client';
import { quantile } from '../quantile';
import type { Figures } from '../report';
import { read } from './api';

export interface ReadTask {
  readonly port: number;
  /** Path of each kind of read by its name; `*` is a number that changes. */
  readonly paths: Readonly<Record<string, string>>;
  /** Reads of each kind before it says that it is ready. */
  readonly warmUp: number;
}

/** Reads a second of each kind, on a timetable: one that is answered late delays none of the others. */
const READS = 25;
const SOCKETS = 20;
/** What `*` in a path becomes: a machine of so many. */
const MACHINES = 1000;

/** Reads of an API for so many seconds once it is told so, and tells what they took, ms. A process of its own: others' garbage delays none. */
async function main({ port, paths, warmUp }: ReadTask): Promise<Figures> {
  const http = httpClient(port, SOCKETS);
  const kinds = Object.entries(paths);
  const send = (path: string, i: number): Promise<void> => read(http, path.replace('*', String(i % MACHINES)));
  for (let i = 0; i < warmUp; i++) for (const [, path] of kinds) await send(path, i);
  process.send?.('ready');
  const [seconds] = (await once(process, 'message')) as [number];
  const quantiles = await Promise.all(
    kinds.map(async ([name, path], place) => {
      await delay((place * 1000) / READS / kinds.length); // apart, as those of different people are
      const taken = await timetable(seconds, (i) => send(path, i));
      return [
        [`half${name}P50`, quantile(taken, 0.5)],
        [`half${name}P99`, quantile(taken, 0.99)],
      ];
    }),
  );
  http.close();
  return Object.fromEntries(quantiles.flat()) as Figures;
}

async function timetable(seconds: number, send: (i: number) => Promise<void>): Promise<number[]> {
  const began = performance.now();
  const reads = Array.from({ length: seconds * READS }, async (_, i) => {
    await delay(began + (i * 1000) / READS - performance.now());
    const sent = performance.now();
    await send(i);
    return performance.now() - sent;
  });
  return (await Promise.all(reads)).sort((a, b) => a - b);
}

main(JSON.parse(process.argv[2] ?? '') as ReadTask).then(
  (figures) => process.send?.(figures, undefined, undefined, () => process.exit(0)),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
