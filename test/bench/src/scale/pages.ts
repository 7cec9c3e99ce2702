import { quantile } from '../quantile';
import type { Figures } from '../report';
import { read, startApi } from './api';
import { RUNNER } from './machines';
import type { Site } from './site';

const WARM_UP = 20;
const READS = 100;

/** What an API alone with its Redis takes to answer, ms. @param on begins the figures' names */
export async function pages(site: Site, machine: string, on: string): Promise<Figures> {
  const api = await startApi(site.task);
  const figures: Record<string, number> = {};
  try {
    const reads = {
      One: (i: number) => `/v1/machines/${machine}-0-${i}`,
      First: () => '/v1/machines?limit=50',
      Status: () => '/v1/machines?status=waiting&limit=50',
      Named: () => `/v1/machines?machine=${machine}&limit=50`,
      Prefix: (i: number) => `/v1/machines?idPrefix=${machine}-0-${i}&limit=50`,
      Nothing: () => `/v1/machines?machine=${RUNNER}&status=paused&limit=50`,
      Counts: () => '/v1/counts',
    };
    for (const [name, path] of Object.entries(reads)) {
      const taken: number[] = [];
      for (let i = 0; i < WARM_UP + READS; i++) {
        const began = performance.now();
        await read(api.http, path(i));
        if (i >= WARM_UP) taken.push(performance.now() - began);
      }
      taken.sort((a, b) => a - b);
      figures[`${on}${name}P50`] = quantile(taken, 0.5);
      figures[`${on}${name}P99`] = quantile(taken, 0.99);
    }
  } finally {
    await api.stop();
  }
  return figures;
}
