import { Registry } from 'prom-client';
import { StoredHistogram } from './stored-histogram';

const registry = new Registry();
const histogram = new StoredHistogram({
  name: 'waits_seconds',
  help: 'Waits',
  labelNames: ['machine'],
  ...{ from: 4, to: 6, registers: [registry] },
});
const total = { timing: 'queue', machine: 'order', state: '' } as const;

describe('StoredHistogram', () => {
  it('is cumulative, in seconds, with what is beyond its bounds in the first and the last bucket', async () => {
    const octaves = new Map([
      [6, 3], // up to 4 ms
      [0, 1], // a sixteenth of a millisecond
      [5, 2],
      [20, 4],
    ]);
    histogram.set([{ ...total, octaves, sumMs: 1500 }]);
    expect(await registry.metrics()).toBe(
      [
        '# HELP waits_seconds Waits',
        '# TYPE waits_seconds histogram',
        'waits_seconds_bucket{machine="order",le="0.001"} 1',
        'waits_seconds_bucket{machine="order",le="0.002"} 3',
        'waits_seconds_bucket{machine="order",le="0.004"} 6',
        'waits_seconds_bucket{machine="order",le="+Inf"} 10',
        'waits_seconds_sum{machine="order"} 1.5',
        'waits_seconds_count{machine="order"} 10',
        '',
      ].join('\n'),
    );
  });

  it('is empty when it is reset, and tells its name all the same', async () => {
    histogram.reset();
    expect(await registry.metrics()).toBe('# HELP waits_seconds Waits\n# TYPE waits_seconds histogram\n');
  });
});
