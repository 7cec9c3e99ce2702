import { Redis } from 'ioredis';

const EVERY_MS = 10;

/**
 * Writes the time into a key again and again, so that a store that has lost its tail says itself from when on: all that was
 * acknowledged before the mark that is left was sent stands before it in the store's log.
 */
export class Marks {
  private readonly redis: Redis;
  private timer: NodeJS.Timeout | undefined;

  /** @param onMark told before each mark */
  constructor(
    url: string,
    private readonly onMark: () => void = () => undefined,
  ) {
    // Nothing is kept for later or sent again: a mark that comes after the fault would say that nothing was lost.
    this.redis = new Redis(url, {
      lazyConnect: true,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      retryStrategy: () => null,
    });
    this.redis.on('error', () => undefined);
  }

  /** The first one is there. */
  async start(): Promise<void> {
    await this.redis.connect();
    await this.write();
    this.timer = setInterval(() => void this.write().catch(() => undefined), EVERY_MS);
  }

  /** No mark is sent any more, nor one that is on its way taken. */
  stop(): void {
    clearInterval(this.timer);
    this.redis.disconnect();
  }

  private async write(): Promise<void> {
    this.onMark();
    await this.redis.set(MARK, Date.now());
  }
}

/** The one key that no machine of Stile has. */
const MARK = 'chaos-mark';

/** The mark that is left, and no more. @returns wall time, ms; 0 when there is none */
export async function markLeft(redis: Redis): Promise<number> {
  const [[, mark] = []] = (await redis.multi().get(MARK).del(MARK).exec()) ?? [];
  return Number(mark ?? 0);
}
