import { octaveBound, type TimingTotal } from '@stile/machine';
import { Histogram, type MetricType, type Registry } from 'prom-client';

interface Shape {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly ('machine' | 'state')[];
  /** Octaves between which its times lie; what is beyond them is in the first or in +Inf. */
  readonly from: number;
  readonly to: number;
  readonly registers: Registry[];
}

type Values = Awaited<ReturnType<Histogram['get']>>['values'];

/** As it is written; its type says that it is a number. */
const HISTOGRAM = 'histogram' as unknown as MetricType.Histogram;

/** A histogram whose buckets workers have filled and the store has kept: here it is only shown. */
export class StoredHistogram extends Histogram {
  private totals: readonly TimingTotal[] = [];

  constructor(private readonly shape: Shape) {
    const { name, help, labelNames, registers } = shape;
    super({ name, help, labelNames: [...labelNames], registers });
  }

  set(totals: readonly TimingTotal[]): void {
    this.totals = totals;
  }

  override reset(): void {
    super.reset();
    this.totals = [];
  }

  /** What the registry calls is of the base class, and reads what was observed here: nothing. Its types do not know of it. */
  async getForPromString(): ReturnType<Histogram['get']> {
    return this.get();
  }

  override async get(): ReturnType<Histogram['get']> {
    const { name, help } = this.shape;
    return { name, help, type: HISTOGRAM, aggregator: 'sum', collect: () => undefined, values: this.values };
  }

  private get values(): Values {
    return this.totals.flatMap((total) => this.valuesOf(total));
  }

  /** Cumulative, as Prometheus wants them, and in seconds. */
  private valuesOf({ machine, state, octaves, sumMs }: TimingTotal): Values {
    const { name, labelNames, from, to } = this.shape;
    const all = { machine, state };
    const labels = Object.fromEntries(labelNames.map((label) => [label, all[label]]));
    const counts = [...octaves].sort(([a], [b]) => a - b);
    const upTo = (last: number): number => counts.reduce((sum, [octave, count]) => (octave <= last ? sum + count : sum), 0);
    const values: Values = [];
    for (let octave = from; octave <= to; octave++) {
      const le = String(octaveBound(octave) / 1000);
      values.push({ metricName: `${name}_bucket`, labels: { ...labels, le }, value: upTo(octave) });
    }
    const count = upTo(Infinity);
    values.push({ metricName: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: count });
    values.push({ metricName: `${name}_sum`, labels, value: sumMs / 1000 });
    values.push({ metricName: `${name}_count`, labels, value: count });
    return values;
  }
}
