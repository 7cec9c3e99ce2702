import type { Figures } from '../report';
import type { Site } from './site';

const SAMPLE = 200;

/** What a waiting machine's bytes are spent on, by the means of some of them. @param bytes of each in all */
export async function account(site: Site, machine: string, bytes: number): Promise<Figures> {
  const { keys } = site.runtime;
  const ids = Array.from({ length: SAMPLE }, (_, i) => `${machine}-0-${i}`);
  const mean = async (key: (id: string) => string): Promise<number> =>
    Math.round((await site.target.memoryOf(ids.map(key))) / SAMPLE);
  const bytesRecord = await mean((id) => keys.record(id));
  const bytesHistory = await mean((id) => keys.history(id));
  const bytesLease = await mean((id) => keys.lease(id));
  return { bytesRecord, bytesHistory, bytesLease, bytesIndexes: Math.round(bytes) - bytesRecord - bytesHistory - bytesLease };
}
