import { cpus } from 'node:os';

export type Figures = Readonly<Record<string, number>>;

export interface Row {
  readonly name: string;
  readonly figure: string;
  readonly unit: string;
  /** What it is compared with, in the same round. */
  readonly against?: string;
  /** The ratio to reach, or the figure not to exceed. */
  readonly atLeast?: number;
  readonly atMost?: number;
}

const ROWS: readonly Row[] = [
  { name: 'bare BullMQ, no-op jobs', figure: 'bareJobs', unit: 'jobs/s' },
  {
    name: 'BullMQ, one job per step chained by queue.add, 10 steps',
    figure: 'chainedSteps',
    unit: 'steps/s',
    against: 'bareJobs',
  },
  { name: 'Stile, 1-step machines', figure: 'stile1', unit: 'steps/s', against: 'bareJobs', atLeast: 0.35 },
  { name: 'Stile, 10-step machines', figure: 'stile10', unit: 'steps/s', against: 'bareJobs', atLeast: 1.3 },
  { name: 'Stile, 50-step machines', figure: 'stile50', unit: 'steps/s', against: 'bareJobs', atLeast: 2.5 },
  { name: 'Stile, events handled, 1 to each machine', figure: 'events1', unit: 'events/s', against: 'bareJobs' },
  { name: 'Stile, events handled, 20 to each machine', figure: 'events20', unit: 'events/s', against: 'bareJobs' },
  { name: 'memory of a waiting machine, 200-byte context', figure: 'waitingBytes', unit: 'bytes' },
  { name: 'no-op script, pairs', figure: 'barePairs', unit: 'pairs/s' },
  { name: 'lease acquire + release', figure: 'leasePairs', unit: 'pairs/s', against: 'barePairs', atLeast: 0.85 },
  { name: 'bare BullMQ, add to processor, p50', figure: 'loneBareP50', unit: 'ms' },
  { name: 'bare BullMQ, add to processor, p99', figure: 'loneBareP99', unit: 'ms' },
  { name: 'lone 1-step machine over HTTP, p50', figure: 'lone1P50', unit: 'ms', against: 'loneBareP50', atMost: 3 },
  { name: 'lone 1-step machine over HTTP, p99', figure: 'lone1P99', unit: 'ms', against: 'loneBareP99' },
  { name: 'lone 10-step machine over HTTP, p50', figure: 'lone10P50', unit: 'ms', against: 'loneBareP50' },
  { name: 'lone 10-step machine over HTTP, p99', figure: 'lone10P99', unit: 'ms', against: 'loneBareP99' },
];

/**
 * Medians over the rounds; a ratio is the median of each round's own ratio.
 *
 * @param wanted rows; one without a figure in any round is left out
 */
export function report(rounds: readonly Figures[], wanted: readonly Row[] = ROWS) {
  const of = (name: string): number[] => rounds.flatMap((figures) => figures[name] ?? []);
  const measured = wanted.filter(({ figure }) => of(figure).length > 0);
  const rows = measured.map((row) => {
    const value = median(of(row.figure));
    const { against } = row;
    const ratios = against === undefined ? [] : rounds.map((figures) => (figures[row.figure] ?? NaN) / (figures[against] ?? NaN));
    const both = ratios.filter((each) => !Number.isNaN(each)); // some figures are measured in one round only
    const ratio = both.length === 0 ? undefined : median(both);
    const reached =
      row.atLeast !== undefined ? (ratio ?? 0) >= row.atLeast : row.atMost !== undefined ? value <= row.atMost : undefined;
    return { ...row, value, ratio, reached };
  });
  const lines = rows.map(({ name, value, unit, ratio, atLeast, atMost, reached }) =>
    [
      name.padEnd(58),
      value.toLocaleString('en').padStart(9),
      unit.padEnd(8),
      (ratio === undefined ? '' : `${ratio.toFixed(2)} x`).padStart(8),
      atLeast !== undefined ? `>= ${atLeast} x` : atMost !== undefined ? `<= ${atMost} ${unit}` : '',
      reached === undefined ? '' : reached ? 'reached' : 'NOT reached',
    ]
      .join('  ')
      .trimEnd(),
  );
  const header = [''.padEnd(58), 'median'.padStart(9), ''.padEnd(8), 'ratio'.padStart(8), 'to reach'].join('  ');
  const machine = { cpus: cpus().length, model: cpus()[0]?.model, node: process.version };
  return {
    table: [`${rounds.length} rounds, ${machine.cpus} cores, Node ${machine.node}`, header, ...lines].join('\n'),
    json: { machine, rounds, rows: rows.map(({ name, value, unit, ratio, reached }) => ({ name, value, unit, ratio, reached })) },
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
