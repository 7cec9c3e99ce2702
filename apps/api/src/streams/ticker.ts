import { Injectable, type OnApplicationShutdown } from '@nestjs/common';

const TICK_MS = 100;

/** Calls all that listen, again and again: one timer for all streams there are. */
export abstract class Ticker {
  /** @returns what ends it. `nowMs` is of a clock that only goes forward. */
  abstract listen(listener: (nowMs: number) => void): () => void;
}

/** Every 100 ms, as long as somebody listens. */
@Injectable()
export class IntervalTicker extends Ticker implements OnApplicationShutdown {
  private readonly listeners = new Set<(nowMs: number) => void>();
  private timer?: NodeJS.Timeout;

  constructor(private readonly everyMs = TICK_MS) {
    super();
  }

  listen(listener: (nowMs: number) => void): () => void {
    this.listeners.add(listener);
    this.timer ??= setInterval(() => this.tick(), this.everyMs);
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.stop();
    };
  }

  onApplicationShutdown(): void {
    this.listeners.clear();
    this.stop();
  }

  private tick(): void {
    const now = performance.now();
    for (const listener of this.listeners) listener(now);
  }

  private stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
