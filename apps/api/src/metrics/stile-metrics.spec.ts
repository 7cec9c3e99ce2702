import type { CounterTotals, Figures, MachineListing, Workers } from '@stile/machine';
import type { QueueDirectory } from '../queues/queue-directory';
import { StileMetrics } from './stile-metrics';

const counts = jest.fn();

function metrics(listing?: MachineListing): StileMetrics {
  const totals = { totals: async () => [] } as unknown as CounterTotals;
  const workers = { list: async () => [] } as unknown as Workers;
  const queues = { list: async () => [] } as unknown as QueueDirectory;
  const figures = { totals: async () => [] } as unknown as Figures;
  return new StileMetrics(totals, workers, queues, figures, listing);
}
const samples = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('stile_machines{'));

describe('StileMetrics', () => {
  it('shows machines by status and state, all versions together, and forgets those that are gone', async () => {
    const shown = metrics({ counts } as unknown as MachineListing);
    const waiting = { machine: 'order', status: 'waiting', state: 'paid' };
    counts.mockResolvedValueOnce([
      { ...waiting, version: 1, count: 3 },
      { ...waiting, version: 2, count: 4 },
      { machine: 'order', version: 2, status: 'failed', state: 'charge', count: 1 },
    ]);
    expect(samples(await shown.text())).toEqual([
      'stile_machines{machine="order",status="waiting",state="paid"} 7',
      'stile_machines{machine="order",status="failed",state="charge"} 1',
    ]);
    counts.mockResolvedValueOnce([{ ...waiting, version: 2, count: 4 }]);
    expect(samples(await shown.text())).toEqual(['stile_machines{machine="order",status="waiting",state="paid"} 4']);
  });

  it('shows nothing but that the store is away while it is', async () => {
    counts.mockRejectedValueOnce(new Error('away'));
    const text = await metrics({ counts } as unknown as MachineListing).text();
    expect(text).toContain('\nstile_up 0\n');
    expect(samples(text)).toEqual([]);
  });
});
