import { StoreUnavailableError, type Machines, type MachineView } from '@stile/machine';
import { attemptDto, machineDto } from '../machines/machine.dto';
import type { EventStream } from './event-stream';

const PAGE = 100;
/** A status that changes without an item in the history, as when a worker takes a job, is seen within this time. */
const LOOK_MS = 1000;
const BEAT_MS = 15_000;

/**
 * Tells one client what happens to one machine, from its history. Where it stands is the number of the last item told: nothing is
 * kept here that a client could lose with the connection.
 */
export class HistoryStream {
  private busy = false;
  private lookedAt = -Infinity;
  private spokeAt?: number;
  private status?: string;

  constructor(
    private readonly machines: Machines,
    private readonly id: string,
    /** Number of the last item that the client has. */
    private after: number,
    private readonly stream: EventStream,
    private readonly report: (error: unknown) => void,
    /** Leaves out what is not to be shown. @default nothing */
    private readonly shown: (told: object) => object = (told) => told,
  ) {}

  /** Tells what is new; nothing while it is still telling, so that a slow client or store is asked no more than it can give. */
  async tick(nowMs: number): Promise<void> {
    if (this.busy || this.stream.gone) return;
    this.busy = true;
    try {
      if (!(await this.tell(nowMs))) this.stream.end();
      else await this.beat(nowMs);
    } catch (error) {
      // An outage passes, and nothing was told that is not so. With anything else the client is better told when it comes back.
      if (!(error instanceof StoreUnavailableError)) {
        this.report(error);
        this.stream.end();
      }
    } finally {
      this.busy = false;
    }
  }

  /** @returns whether there may be more */
  private async tell(nowMs: number): Promise<boolean> {
    const news = await this.tellHistory();
    if (news === 'gone') return false;
    if (news === 'told') this.spokeAt = nowMs;
    if (news === 'nothing' && nowMs - this.lookedAt < LOOK_MS) return true;
    this.lookedAt = nowMs;
    const view = await this.machines.get(this.id);
    if (!view) return false;
    if (hasEnded(view)) {
      // Its history came with its end, in one commit: what is read after the end was seen is all there will be.
      await this.tellHistory();
      await this.tellStatus(view, nowMs);
      await this.stream.send('end', { status: view.status });
      return false;
    }
    await this.tellStatus(view, nowMs);
    return true;
  }

  private async tellHistory(): Promise<'told' | 'nothing' | 'gone'> {
    for (let told = false; ; told = true) {
      const page = await this.machines.historyAfter(this.id, this.after, PAGE);
      if (!page) return 'gone';
      if (page.lost > 0) {
        await this.stream.send('lost', { count: page.lost });
        this.after += page.lost;
      }
      for (const item of page.items) {
        await this.stream.send('history', this.shown(attemptDto(item)), item.number);
        if (this.stream.gone) return 'gone';
        this.after = item.number;
      }
      if (page.items.length < PAGE) return told || page.items.length > 0 ? 'told' : 'nothing';
    }
  }

  private async tellStatus(view: MachineView, nowMs: number): Promise<void> {
    if (view.status === this.status) return;
    await this.stream.send('machine', this.shown(machineDto(view)));
    this.status = view.status;
    this.spokeAt = nowMs;
  }

  private async beat(nowMs: number): Promise<void> {
    this.spokeAt ??= nowMs;
    if (nowMs - this.spokeAt < BEAT_MS) return;
    this.spokeAt = nowMs;
    await this.stream.beat();
  }
}

function hasEnded({ status }: MachineView): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}
