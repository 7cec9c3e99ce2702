const WIDTH = 40;

/** A line that is drawn over on a terminal, and printed at each quarter elsewhere. */
export class ProgressBar {
  private quarter = -1;

  constructor(private readonly total: number) {}

  show(done: number): void {
    const filled = Math.floor((done / this.total) * WIDTH);
    const line = `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${done}/${this.total}`;
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
