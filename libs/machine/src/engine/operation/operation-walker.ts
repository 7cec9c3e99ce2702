import { StileError, StoreUnavailableError } from '../../core/errors';
import type { EventRequest, MachineEvents } from '../../core/events';
import type { OperationStore, Tally } from '../../core/operations-ports';

/** Machines of one page: counted, and moved past, together. */
const PAGE = 100;
/** Sends at the same time. */
const LANES = 20;

const GONE = new Set(['MACHINE_NOT_FOUND', 'MACHINE_ENDED']);

/**
 * Sends an operation's event to one page of machines after the other. A worker that dies leaves a page half sent; the next one sends it
 * again from its beginning, and each machine recognises the event by its dedupeId. The counts of a page are written with the cursor that
 * moves past it, so no machine counts twice.
 */
export class OperationWalker {
  constructor(
    private readonly store: OperationStore,
    private readonly events: MachineEvents,
  ) {}

  /**
   * @param signal ends the walk after the page in hand
   * @returns whether the operation has ended
   * @throws StoreUnavailableError; the page in hand is sent again then
   */
  async walk(id: string, signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      const state = await this.store.read(id);
      if (!state || state.status !== 'running') return true;
      const page = await this.store.page(state, PAGE);
      const { event, data } = state.spec;
      const tally = await this.send(page.ids, { event, ...(data === undefined ? {} : { data }), dedupeId: `op.${id}` });
      // Not moved: another worker was faster, or it was stopped. The next read tells.
      await this.store.advance(state, page, tally);
    }
    return false;
  }

  private async send(ids: readonly string[], event: EventRequest): Promise<Tally> {
    const open = [...ids];
    const tally = { delivered: 0, kept: 0, ignored: 0, refused: 0, gone: 0 };
    const reasons: Record<string, number> = {};
    const lane = async (): Promise<void> => {
      for (let id = open.pop(); id !== undefined; id = open.pop()) {
        const outcome = await this.sendOne(id, event);
        if ('code' in outcome) {
          if (GONE.has(outcome.code)) {
            tally.gone++;
            continue;
          }
          tally.refused++;
          reasons[outcome.code] = (reasons[outcome.code] ?? 0) + 1;
        } else if (outcome.outcome === 'ignored') {
          tally.ignored++;
        } else {
          tally.delivered++;
          if (outcome.outcome === 'kept') tally.kept++;
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(LANES, ids.length) }, lane));
    return { ...tally, reasons };
  }

  private async sendOne(id: string, event: EventRequest): Promise<{ readonly outcome: string } | { readonly code: string }> {
    try {
      return await this.events.send(id, event);
    } catch (error) {
      if (!(error instanceof StileError) || error instanceof StoreUnavailableError) throw error;
      return { code: error.code };
    }
  }
}
