const WIDTH = 40;

/** @param total null where nobody knows */
export function barOf(done: number, total: number | null): string {
  if (total === null) return `${done} …`;
  const filled = total === 0 ? WIDTH : Math.min(WIDTH, Math.floor((done / total) * WIDTH));
  return `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${done}/${total}`;
}

/** A line that is drawn over on a terminal, and printed at each quarter elsewhere. */
export class ProgressBar {
  private quarter = -1;

  constructor(private readonly total: number) {}

  show(done: number): void {
    const line = barOf(done, this.total);
    if (process.stdout.isTTY) {
      process.stdout.write(`\r${line}`);
      return;
    }
    const quarter = Math.floor((done / this.total) * 4);
    if (quarter === this.quarter) return;
    this.quarter = quarter;
    console.log(line);
  }

  end(): void {
    if (process.stdout.isTTY) process.stdout.write('\n');
  }
}
