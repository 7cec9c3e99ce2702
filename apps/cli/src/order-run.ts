import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Account, type Ended } from './account';
import { inPool } from './in-pool';
import { PlainError } from './plain-error';

const AT_ONCE = 20;
const POLL_MS = 100;
/** No order takes longer: three retries of half a second at most in each of four states. */
const GIVE_UP_MS = 60_000;

type Failures = Partial<Record<'reserve' | 'charge' | 'ship', number | 'always'>>;

/** Orders that are started over HTTP and followed to their end. */
export class OrderRun {
  private readonly run = randomUUID().slice(0, 8);
  private readonly ended = new Map<string, Ended>();
  private readonly ids: readonly string[];
  private readonly headers: Readonly<Record<string, string>>;

  constructor(
    private readonly url: string,
    count: number,
    apiKey: string | undefined,
  ) {
    this.headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
    this.ids = Array.from({ length: count }, (_, i) => `order-${this.run}-${i + 1}`);
  }

  async finish(onProgress: (done: number) => void): Promise<Account> {
    const began = performance.now();
    await inPool(this.ids, AT_ONCE, (id, i) => this.start(id, failuresOf(i)));
    const deadline = began + GIVE_UP_MS + this.ids.length * 10;
    for (;;) {
      await inPool(this.ids, AT_ONCE, (id) => this.look(id));
      onProgress(this.ended.size);
      if (this.ended.size === this.ids.length || performance.now() > deadline) break;
      await delay(POLL_MS);
    }
    return new Account([...this.ended.values()], this.ids.length, performance.now() - began);
  }

  /** Places worth a look. */
  examples(url: string): string[] {
    const stumbled = [...this.ended.values()].find(({ failedAttempts }) => failedAttempts > 0)?.id ?? this.ids[0];
    return [
      `${url}/ (the page)`,
      `${url}/queues`,
      `${url}/docs`,
      `${url}/metrics`,
      `${url}/v1/machines/${stumbled}`,
      `${url}/v1/machines/${stumbled}/history`,
    ];
  }

  private async start(correlationId: string, fail: Failures): Promise<void> {
    const response = await fetch(`${this.url}/v1/machines`, {
      method: 'POST',
      headers: { ...this.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ machine: 'order', correlationId, context: { amount: 10, fail } }),
    });
    if (!response.ok) throw new PlainError(`the API did not start ${correlationId}: ${response.status} ${await response.text()}`);
  }

  private async look(id: string): Promise<void> {
    if (this.ended.has(id)) return;
    const machine = await this.get<View>(id);
    if (machine.finishedAt === null) return;
    const { items } = await this.get<{ items: { outcome: string }[] }>(`${id}/history`);
    this.ended.set(id, {
      id,
      status: machine.status,
      steps: machine.steps,
      failedAttempts: items.filter(({ outcome }) => outcome === 'failed').length,
      tookMs: Date.parse(machine.finishedAt) - Date.parse(machine.createdAt),
    });
  }

  private async get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.url}/v1/machines/${path}`, { headers: this.headers });
    if (!response.ok) throw new PlainError(`GET ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }
}

interface View {
  readonly status: string;
  readonly steps: number;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

/** Most orders go well; of each twenty, two stumble, one cannot be paid (and is called off), one can never be shipped. */
function failuresOf(i: number): Failures {
  switch (i % 20) {
    case 3:
      return { reserve: 1 };
    case 8:
      return { charge: 2, ship: 1 };
    case 13:
      return { charge: 'always' };
    case 18:
      return { ship: 'always' };
    default:
      return {};
  }
}
