import type { HistoryItem, MachineStatus, MachineView, StepError } from '../core/model';
import type { EventReceipt, EventRequest } from '../core/events';
import type { Context, Json } from '../core/step';

/** A machine as it was when the kit last came to rest. Plain data, ready for `expect`. */
export class KitMachine {
  private view?: MachineView;
  private items: readonly HistoryItem[] = [];

  constructor(
    readonly correlationId: string,
    private readonly give: (request: EventRequest) => Promise<EventReceipt>,
  ) {}

  /** Sends it an event, which it takes when the kit runs. @throws what `MachineEvents.send` throws */
  send(event: string, data?: Json, options: Pick<EventRequest, 'dedupeId'> = {}): Promise<EventReceipt> {
    return this.give({ ...options, event, data });
  }

  /** Everything that the API shows of it. @throws Error when it is not there (any more) */
  get all(): MachineView {
    if (!this.view) throw new Error(`machine ${this.correlationId} does not exist, or is kept no longer`);
    return this.view;
  }

  get exists(): boolean {
    return this.view !== undefined;
  }
  get state(): string {
    return this.all.state;
  }
  get status(): MachineStatus {
    return this.all.status;
  }
  get context(): Context {
    return this.all.context;
  }
  get steps(): number {
    return this.all.steps;
  }
  get retries(): number {
    return this.all.retries;
  }
  get error(): StepError | null {
    return this.all.error;
  }

  /** One item per attempt, oldest first. */
  get history(): readonly HistoryItem[] {
    return this.items;
  }

  /** The states that steps were committed to, oldest first. */
  committed(): string[] {
    return this.items.filter(({ outcome }) => outcome === 'committed').map(({ to }) => to);
  }

  /** For the kit: what it looks like now. */
  set(view: MachineView | undefined, items: readonly HistoryItem[]): void {
    this.view = view;
    this.items = items;
  }
}
