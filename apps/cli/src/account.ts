export interface Ended {
  readonly id: string;
  readonly status: string;
  /** Committed. */
  readonly steps: number;
  readonly failedAttempts: number;
  readonly tookMs: number;
}

/** What became of the machines of one run. */
export class Account {
  constructor(
    private readonly ended: readonly Ended[],
    private readonly total: number,
    private readonly wallMs: number,
  ) {}

  get missing(): number {
    return this.total - this.ended.length;
  }

  get complete(): boolean {
    return this.missing === 0;
  }

  table(): string {
    const having = (status: string): number => this.ended.filter((machine) => machine.status === status).length;
    const steps = this.ended.reduce((sum, machine) => sum + machine.steps, 0);
    const attempts = this.ended.reduce((sum, machine) => sum + machine.failedAttempts, 0);
    const took = this.ended.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
    const rows: [string, string][] = [
      ['completed', String(having('completed'))],
      ['failed', `${having('failed')} (dead-lettered: kept with their error)`],
      ['retried', `${this.ended.filter((machine) => machine.failedAttempts > 0).length} machines, ${attempts} failed attempts`],
      ['steps', `${steps} committed, ${Math.round((steps / this.wallMs) * 1000)} a second`],
      ['start to end', `p50 ${quantile(took, 0.5)} ms, p99 ${quantile(took, 0.99)} ms`],
    ];
    return rows.map(([name, value]) => `  ${name.padEnd(13)}${value}`).join('\n');
  }
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
}
