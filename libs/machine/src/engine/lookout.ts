import type { Clock, Timer } from '@stile/lease';
import type { Dispatcher } from './dispatcher';
import type { HoldWatch } from './hold-watch';
import type { EngineLog } from './options';

const EVERY_MS = 250;

/** Four times a second: sees whether long steps must not go on, and which holds are in force. */
export class Lookout {
  private timer?: Timer;
  private looking?: Promise<void>;
  private stopped = false;

  constructor(
    private readonly dispatcher: Pick<Dispatcher, 'lookAtLong'>,
    private readonly holds: Pick<HoldWatch, 'refresh'>,
    private readonly clock: Clock,
    private readonly log: EngineLog,
  ) {}

  start(): void {
    this.timer = this.clock.after(EVERY_MS, () => {
      this.looking = this.look().then(() => {
        if (!this.stopped) this.start();
      });
    });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.timer?.cancel();
    await this.looking;
  }

  private async look(): Promise<void> {
    try {
      await Promise.all([this.dispatcher.lookAtLong(), this.holds.refresh()]);
    } catch (error) {
      this.log.debug(`could not look after running steps: ${String(error)}`);
    }
  }
}
