import { setTimeout as sleep } from 'node:timers/promises';
import type { Load } from './load';

export interface Steady {
  /** The batch in hand is still sent. @throws what the load threw */
  stop(): Promise<void>;
}

/** Batches of everything, one after the other with a breath between, until it is stopped. */
export function steadily(load: Load, orders = 10, breathMs = 30): Steady {
  let stopped = false;
  const send = async (): Promise<void> => {
    while (!stopped) {
      await load.mixed(orders);
      await sleep(breathMs);
    }
  };
  const sending = send();
  sending.catch(() => undefined); // told by `stop`, not by the process
  return {
    stop: () => {
      stopped = true;
      return sending;
    },
  };
}
