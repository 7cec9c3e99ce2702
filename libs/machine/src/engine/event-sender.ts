import { randomBytes } from 'node:crypto';
import type { Counters } from '../core/counts';
import {
  CallbackGoneError,
  EventRejectedError,
  InboxFullError,
  InvalidEventError,
  MachineEndedError,
  MachineNotFoundError,
  QuarantinedError,
  UndeclaredEventError,
} from '../core/errors';
import { MachineEvents, type CallbackReceipt, type EventReceipt, type EventRequest, type InboxItem } from '../core/events';
import { eventText, jsonText, RESULT_LIMIT_BYTES } from '../core/json';
import type { DeliverResult, DeliveryMark, InboxStore, MachineKind, MessageMark } from '../core/message-ports';
import { isName, NAME_RULE, quote } from '../core/names';
import type { DefinitionCatalog, JobQueue } from '../core/ports';
import { lacksKey, SealedError } from '../core/sealed-error';
import type { Json } from '../core/step';
import { allEvents } from '../core/transition';
import { isMachineId } from './check-start';
import type { EngineLog } from './options';
import { tokenHash } from './step-notes';
import type { Tracer } from './tracing';

const MAX_DEDUPE_ID = 200;
const MAX_CODE = 100;
const MAX_MESSAGE = 1000;

/** Checks events against the definition of the machine they go to, and gives them to it. */
export class EventSender extends MachineEvents {
  constructor(
    private readonly inboxes: InboxStore,
    private readonly catalog: DefinitionCatalog,
    private readonly queue: JobQueue,
    private readonly counters: Counters,
    private readonly log: EngineLog,
    private readonly tracer?: Pick<Tracer, 'active'>,
    private readonly eventBytes?: number,
  ) {
    super();
  }

  async send(id: string, request: EventRequest): Promise<EventReceipt> {
    const data = checkEvent(request, this.eventBytes);
    const kind = await this.kindOf(id);
    // A request without a name of its own gets one, so that a resend of the command is recognised.
    const mark = { kind: 'id', id: request.dedupeId ?? randomBytes(12).toString('base64url') } as const;
    await this.checkDeclared(kind, request.event);
    return { outcome: await this.give(id, kind, request.event, data, mark) };
  }

  /**
   * A message of another machine.
   *
   * @param traceparent of the step that sent it
   * @returns false when the receiver has no room; what can never be delivered is dropped, counted and told
   */
  async deliver(id: string, event: string, data: string, mark: MessageMark, traceparent?: string): Promise<boolean> {
    try {
      const kind = await this.kindOf(id);
      await this.checkDeclared(kind, event);
      await this.give(id, kind, event, data, { kind: 'message', ...mark }, traceparent);
    } catch (error) {
      if (error instanceof InboxFullError) return false;
      const lost = [
        MachineNotFoundError,
        MachineEndedError,
        EventRejectedError,
        UndeclaredEventError,
        QuarantinedError,
        SealedError,
      ];
      if (!lost.some((kind) => error instanceof kind) || lacksKey(error)) throw error;
      this.log.warn(`message "${event}" of run ${mark.run} is dropped: ${(error as Error).message}`);
      this.counters.add('undelivered', { machine: '', state: '', event: '' });
    }
    return true;
  }

  async inbox(id: string, atMostBytes?: number): Promise<readonly InboxItem[] | undefined> {
    return this.inboxes.list(id, atMostBytes);
  }

  async drop(id: string, itemId: number): Promise<boolean> {
    return this.inboxes.drop(id, itemId);
  }

  async complete(token: string, request: EventRequest): Promise<CallbackReceipt> {
    const data = checkEvent(request, this.eventBytes);
    const { id, kind } = await this.holderOf(token);
    await this.checkDeclared(kind, request.event);
    return { correlationId: id, outcome: await this.give(id, kind, request.event, data, tokenMark(token)) };
  }

  async failTask(token: string, error: { readonly code: string; readonly message: string }): Promise<CallbackReceipt> {
    for (const [field, limit] of [
      ['code', MAX_CODE],
      ['message', MAX_MESSAGE],
    ] as const) {
      const text = error[field];
      if (typeof text === 'string' && text.length <= limit && (text !== '' || field === 'message')) continue;
      throw new InvalidEventError(field, text, `is ${quote(text)}; give a text of at most ${limit} characters`);
    }
    const { id, kind } = await this.holderOf(token);
    const data = JSON.stringify({ code: error.code, message: error.message });
    return { correlationId: id, outcome: await this.give(id, kind, '', data, tokenMark(token)) };
  }

  async heartbeat(token: string, details?: Json): Promise<{ correlationId: string; expiresAt: string }> {
    const json = details === undefined ? '' : jsonText(details, 'the details', RESULT_LIMIT_BYTES);
    const { id } = await this.holderOf(token);
    const expires = await this.inboxes.beat(id, tokenHash(token), json);
    if (expires === undefined) throw new CallbackGoneError();
    return { correlationId: id, expiresAt: new Date(expires).toISOString() };
  }

  private async give(
    id: string,
    kind: MachineKind,
    event: string,
    data: string,
    mark: DeliveryMark,
    traceparent = this.tracer?.active(),
  ): Promise<EventReceipt['outcome']> {
    const result = await this.inboxes.deliver(id, event, data, mark, traceparent);
    const outcome = receiptOf(id, event, result);
    // Labels come from definitions: the event has been found there.
    const labels = { machine: kind.machine, state: '', event };
    if (outcome === 'taken' || outcome === 'kept') this.counters.add('event', labels);
    if (outcome === 'ignored') this.counters.add('ignored', labels);
    if ((result.outcome === 'taken' || result.outcome === 'kept') && result.job) {
      // The event is stored and watched: a job that cannot be queued now is made by the watchdog.
      await this.queue
        .add([result.job])
        .catch((error: unknown) => this.log.warn(`an event's job could not be queued at once: ${String(error)}`));
    }
    return outcome;
  }

  private async kindOf(id: string): Promise<MachineKind> {
    const kind = isMachineId(id) ? await this.inboxes.kindOf(id) : undefined;
    if (!kind) throw new MachineNotFoundError(id);
    return kind;
  }

  private async checkDeclared({ machine, version }: MachineKind, event: string): Promise<void> {
    const definition = await this.catalog.find(machine, version);
    if (!definition) return; // published no more: the state that the machine waits in knows what it takes
    const legal = allEvents(definition);
    if (!legal.includes(event)) throw new UndeclaredEventError(machine, version, event, legal);
  }

  /** Before anything else is looked at: whoever makes a token up learns nothing of a machine, not even that it is there. */
  private async holderOf(token: string): Promise<{ id: string; kind: MachineKind }> {
    const end = token.lastIndexOf('~');
    const id = token.slice(0, Math.max(0, end));
    const kind = isMachineId(id) ? await this.inboxes.holderOf(id, tokenHash(token)) : undefined;
    if (!kind) throw new CallbackGoneError();
    return { id, kind };
  }
}

function tokenMark(token: string): DeliveryMark {
  return { kind: 'token', hash: tokenHash(token), nonce: randomBytes(12).toString('base64url') };
}

/** @returns the data as JSON text, or nothing */
function checkEvent({ event, data, dedupeId }: EventRequest, eventBytes: number | undefined): string {
  if (!isName(event)) throw new InvalidEventError('event', event, `is ${quote(event)}; ${NAME_RULE}`);
  if (dedupeId !== undefined && (typeof dedupeId !== 'string' || dedupeId === '' || dedupeId.length > MAX_DEDUPE_ID)) {
    throw new InvalidEventError('dedupeId', dedupeId, `is ${quote(dedupeId)}; give 1 to ${MAX_DEDUPE_ID} characters`);
  }
  return data === undefined ? '' : eventText(data, 'data', eventBytes);
}

function receiptOf(id: string, event: string, result: DeliverResult): EventReceipt['outcome'] {
  switch (result.outcome) {
    case 'missing':
      throw new MachineNotFoundError(id);
    case 'gone':
      throw new CallbackGoneError();
    case 'ended':
      throw new MachineEndedError(id, result.status);
    case 'rejected':
      throw new EventRejectedError(id, result.state, event);
    case 'full':
      throw new InboxFullError(id, result.limit);
    case 'garbage':
      throw new QuarantinedError(id, result.reason);
    default:
      return result.outcome;
  }
}
