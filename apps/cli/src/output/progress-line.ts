import { barOf } from './progress-bar';

const CLEAR_LINE = '\r\x1b[K';

/** A progress bar beside a result: on stderr, and only where that is a terminal. */
export class ProgressLine {
  private drawn = false;

  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {}

  /** @param total null where nobody knows */
  show(done: number, total: number | null, text = ''): void {
    if (!this.stream.isTTY) return;
    this.stream.write(`${CLEAR_LINE}${barOf(done, total)}${text && `  ${text}`}`);
    this.drawn = true;
  }

  /** Leaves nothing behind. */
  clear(): void {
    if (this.drawn) this.stream.write(CLEAR_LINE);
    this.drawn = false;
  }
}
