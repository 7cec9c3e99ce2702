import { setTimeout as sleep } from 'node:timers/promises';
import { StileError, type Context, type EventReceipt } from '@stile/machine';
import type { LogWriter } from '../log';
import { sendAgain, type Acknowledgement } from './acknowledgements';
import type { LoadClient } from './load-client';

/** Errors after which the same request may be sent again. */
const AGAIN = new Set(['STORE_UNAVAILABLE', 'UNKNOWN_MACHINE']);
const SENDERS = 16;

export interface LoadParts {
  /** Can be replaced as it goes. */
  client: LoadClient;
  readonly log: LogWriter;
  readonly random: () => number;
}

/**
 * Starts machines and sends them events, as a client would that wants an answer: again and again until it has one. What was acknowledged
 * is written down, and so is what may have happened.
 */
export class Load {
  /** Of the machines that must come to their end, children included, by machine name. */
  readonly expected = new Map<string, string>();
  /** Mailboxes that are still open, and the ids of the events that each must have taken before it is closed. */
  private readonly open = new Map<string, Set<string>>();
  /** Requests that were refused or not answered. */
  refused = 0;
  private batches = 0;
  private readonly numbers = new Map<string, number>();
  private stopped = false;
  /** The store may lose what it acknowledged: a machine that is not there is waited for, until {@link sendLostAgain} brings it back. */
  lossy = false;
  private readonly acknowledged: Acknowledgement[] = [];
  /** While there, no request is begun. */
  private gate: Promise<void> | undefined;
  private underWay = 0;
  private openGate: () => void = () => undefined;

  constructor(private readonly parts: LoadParts) {}

  /** From now on requests are sent through this. */
  sendThrough(client: LoadClient): void {
    this.parts.client = client;
  }

  /** A batch of everything: `orders` of them, half as many mailboxes with five events each, as many chains. Resolves when all is sent. */
  async mixed(orders: number): Promise<void> {
    const batch = `b${this.batches++}`;
    const ledger = `${batch}.ledger`;
    await this.start('mailbox', ledger, { taken: [] });
    const due = new Set<string>();
    this.open.set(ledger, due);
    const work: (() => Promise<void>)[] = [];
    for (let i = 0; i < orders; i++) {
      work.push(() => this.order(`${batch}.o${i}`, ledger, due));
      if (i % 2 === 0) work.push(() => this.letters(`${batch}.x${i}`));
      if (i % 2 === 1) work.push(() => this.start('chain', `${batch}.c${i}`));
    }
    await this.inParallel(work);
  }

  /** `count` chains of five steps. */
  async chains(count: number): Promise<void> {
    const batch = `b${this.batches++}`;
    await this.inParallel(Array.from({ length: count }, (_, i) => () => this.start('chain', `${batch}.c${i}`)));
  }

  /** @throws Error when no answer came within a minute, or another one than expected */
  async start(machine: string, correlationId: string, context: Context = {}): Promise<void> {
    this.expected.set(correlationId, machine);
    const result = await this.until(
      () => this.parts.client.machines.start({ machine, correlationId, context }),
      (error) => this.parts.log.append({ kind: 'maybe', what: 'start', correlationId, error: String(error) }),
    );
    if (!result) return;
    if (result.outcome === 'conflict') throw new Error(`the start of ${correlationId} was answered as a conflict`);
    this.parts.log.append({ kind: 'started', correlationId, runId: result.machine.runId, machine });
    this.acknowledged.push({ at: Date.now(), correlationId, what: { kind: 'start', machine, context } });
  }

  /** Sends an event until it is acknowledged; every third one again, by the same name, as a client does whose answer was lost. */
  async send(correlationId: string, event: string, dedupeId: string): Promise<void> {
    const { client, log, random } = this.parts;
    const times = random() < 0.33 ? 2 : 1;
    for (let i = 0; i < times; i++) {
      const receipt = await this.until(
        () => client.events.send(correlationId, { event, data: { id: dedupeId }, dedupeId }),
        (error) => log.append({ kind: 'maybe', what: 'event', correlationId, dedupeId, error: String(error) }),
        // A machine may be through with it, and with everything, before the repeat comes.
        (error) => i > 0 && error.code === 'MACHINE_ENDED',
      );
      if (!receipt || i > 0) continue;
      this.sent(correlationId, event, dedupeId, receipt.outcome);
    }
  }

  /** Begins no request until {@link release}; what is under way goes on. */
  hold(): void {
    this.gate ??= new Promise((resolve) => (this.openGate = resolve));
  }

  /** While held: all that was under way has been answered or given up. */
  async answered(): Promise<void> {
    while (this.underWay > 0) await sleep(5);
  }

  release(): void {
    this.gate = undefined;
    this.openGate();
  }

  /**
   * The store may have lost what it acknowledged since this wall time, ms: sends all of that again. (Until now: what was stored
   * before the store died may be answered after its death, since a start and an event are more than one command.)
   *
   * @returns how many of them were gone
   */
  async sendLostAgain(since: number): Promise<{ starts: number; events: number }> {
    const lost = { starts: 0, events: 0 };
    const due = this.acknowledged.filter(({ at }) => at >= since);
    for await (const again of sendAgain(this.parts.client, due)) {
      if (again.found !== 'lost') continue;
      const { correlationId, what } = again.ack;
      this.acknowledged.push({ ...again.ack, at: Date.now() });
      if (what.kind === 'event' && 'outcome' in again) {
        lost.events++;
        this.sent(correlationId, what.event, what.dedupeId, again.outcome);
      } else if (what.kind === 'start' && 'runId' in again) {
        lost.starts++;
        this.parts.log.append({ kind: 'started', correlationId, runId: again.runId, machine: what.machine });
      }
    }
    return lost;
  }

  /** Mailboxes have taken what they must, or do not within the time: then they are closed all the same, and the log tells. */
  async closeMailboxes(timeoutMs: number): Promise<void> {
    const { client, log } = this.parts;
    let patience = timeoutMs;
    for (const [correlationId, due] of this.open) {
      const end = Date.now() + patience;
      for (;;) {
        const view = await this.until(() => client.machines.get(correlationId));
        const taken = new Set((view?.context.taken as string[] | undefined) ?? []);
        if ([...due].every((id) => taken.has(id)) || Date.now() > end || this.stopped) break;
        await sleep(50);
      }
      if (Date.now() > end) patience = 1000; // something is wrong: it need not be waited for in each of them
      // What machines send each other is acknowledged by the commit that sends it.
      let number = 0;
      for (const dedupeId of due) {
        const message = {
          correlationId,
          dedupeId,
          event: 'put',
          outcome: 'taken',
          sender: `machine ${dedupeId}`,
          number: ++number,
        } as const;
        log.append({ kind: 'sent', ...message });
      }
      await this.send(correlationId, 'close', `close ${correlationId}`);
    }
    this.open.clear();
  }

  /** No request is repeated any more. */
  stop(): void {
    this.stopped = true;
    this.release();
  }

  private sent(correlationId: string, event: string, dedupeId: string, outcome: EventReceipt['outcome']): void {
    const sender = `client ${correlationId}`;
    const number = (this.numbers.get(sender) ?? 0) + 1;
    this.numbers.set(sender, number);
    this.parts.log.append({ kind: 'sent', correlationId, dedupeId, event, outcome, sender, number });
    this.acknowledged.push({ at: Date.now(), correlationId, what: { kind: 'event', event, dedupeId } });
  }

  private async order(correlationId: string, ledger: string, due: Set<string>): Promise<void> {
    await this.start('order', correlationId, { ledger, taken: [] });
    this.expected.set(`${correlationId}.kid`, 'kid');
    due.add(correlationId);
    await this.send(correlationId, 'pay', `pay ${correlationId}`);
  }

  private async letters(correlationId: string): Promise<void> {
    await this.start('mailbox', correlationId, { taken: [] });
    for (let i = 0; i < 5; i++) await this.send(correlationId, 'put', `put ${correlationId} ${i}`);
    await this.send(correlationId, 'close', `close ${correlationId}`);
  }

  private async until<T>(
    request: () => Promise<T>,
    onRefused: (error: StileError) => void = () => undefined,
    fine: (error: StileError) => boolean = () => false,
  ): Promise<T | undefined> {
    const end = Date.now() + 90_000;
    while (!this.stopped) {
      await this.gate;
      this.underWay++;
      try {
        return await request();
      } catch (error) {
        if (!(error instanceof StileError)) throw error;
        if (fine(error)) return undefined;
        const again = AGAIN.has(error.code) || (this.lossy && error.code === 'MACHINE_NOT_FOUND');
        if (!again || Date.now() > end) throw error;
        this.refused++;
        onRefused(error);
      } finally {
        this.underWay--;
      }
      await sleep(50 + this.parts.random() * 100);
    }
    return undefined;
  }

  private async inParallel(work: readonly (() => Promise<void>)[]): Promise<void> {
    let next = 0;
    const sender = async (): Promise<void> => {
      while (next < work.length) await work[next++]?.();
    };
    await Promise.all(Array.from({ length: SENDERS }, sender));
  }
}
