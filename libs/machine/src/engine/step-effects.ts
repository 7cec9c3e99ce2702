import type { ChildOptions, GroupOptions } from '../core/children';
import { childId } from '../core/child-id';
import { eventText, toJson } from '../core/json';
import { defaultLimits, type Limits } from '../core/limits';
import { isName, NAME_RULE } from '../core/names';
import type { ChildGroup, Claim, Effects } from '../core/ports';
import type { Context, Json } from '../core/step';
import { isMachineId, MACHINE_ID } from './check-start';

const MAX_MESSAGES = 10_000;
const MAX_GROUPS = 1000;
const MAX_CHILDREN = 20_000;
const MAX_LIMIT = 10_000;
const DEFAULT_LIMIT = 100;
const GROUP = /^[A-Za-z0-9_-]{1,32}$/;

/**
 * What the actions of one attempt want to have happened: kept until the commit takes it, forgotten when the attempt fails. Checked when
 * asked for, so that the error points at the line that was wrong.
 */
export class StepEffects {
  private readonly messages: Effects['messages'][number][] = [];
  private readonly groups: ChildGroup[] = [];

  constructor(
    private readonly claim: Claim,
    private readonly limits: Pick<Limits, 'contextBytes' | 'eventBytes'> = defaultLimits,
  ) {}

  /** Nothing where the actions asked for nothing. */
  get taken(): Effects | undefined {
    return this.messages.length + this.groups.length === 0 ? undefined : { messages: this.messages, groups: this.groups };
  }

  send(to: string, event: string, data: Json | undefined): void {
    check(isMachineId(to), 'step.send', 'correlation id', to, `it must match ${MACHINE_ID.source}`);
    check(isName(event), 'step.send', 'event', event, NAME_RULE);
    check(
      this.messages.length < MAX_MESSAGES,
      'step.send',
      'number of messages',
      MAX_MESSAGES + 1,
      `a step sends ${MAX_MESSAGES} at most`,
    );
    const json = data === undefined ? '' : eventText(data, 'the data of step.send', this.limits.eventBytes);
    this.messages.push({ to, event, data: json });
  }

  start(machine: string, context: Context, options: ChildOptions): string {
    const { correlationId, version, tags, delayMs, event = '', failed = event, outlive = event === '' } = options;
    const name = this.nameGroup('step.start', machine, 'child', event, failed);
    check(
      correlationId === undefined || isMachineId(correlationId),
      'step.start',
      'correlationId',
      correlationId,
      `it must match ${MACHINE_ID.source}`,
    );
    const id = correlationId ?? childId(this.claim, name, 0);
    this.groups.push({
      name,
      spec: { machine, version, tags, delayMs, awaited: event !== '', correlationId },
      limit: 1,
      first: 0,
      tolerate: 0,
      event,
      failed,
      single: true,
      outlive,
      children: [{ correlationId: id, context: toJson(context, this.limits.contextBytes) }],
    });
    return id;
  }

  startAll(machine: string, contexts: readonly Context[], options: GroupOptions): string {
    const { group = 'group', version, tags, limit = DEFAULT_LIMIT, join = 'all', tolerate = 0, event, failed = event } = options;
    check(typeof event === 'string' && event !== '', 'step.startAll', 'event', event, 'give the event that brings the result');
    check(GROUP.test(group), 'step.startAll', 'group', group, `it must match ${GROUP.source}`);
    const name = this.nameGroup('step.startAll', machine, group, event, failed);
    const count = contexts.length;
    check(count >= 1 && count <= MAX_CHILDREN, 'step.startAll', 'number of contexts', count, `give 1 to ${MAX_CHILDREN}`);
    check(whole(limit, 1, MAX_LIMIT), 'step.startAll', 'limit', limit, `give a whole number from 1 to ${MAX_LIMIT}`);
    const first = join === 'all' ? 0 : join === 'any' ? 1 : join.first;
    check(
      join === 'all' || whole(first, 1, count),
      'step.startAll',
      'join',
      first,
      `give 'all', 'any', or { first: 1 … ${count} }`,
    );
    check(tolerate === 'any' || whole(tolerate, 0, count), 'step.startAll', 'tolerate', tolerate, `give 'any', or 0 to ${count}`);
    this.groups.push({
      name,
      spec: { machine, version, tags, awaited: true },
      limit,
      first,
      tolerate: tolerate === 'any' ? count : tolerate,
      event,
      failed,
      single: false,
      outlive: options.outlive ?? false,
      children: contexts.map((context, i) => ({
        correlationId: childId(this.claim, name, i),
        context: toJson(context, this.limits.contextBytes),
      })),
    });
    return name;
  }

  /** Unique within the machine: steps are numbered, and a step's groups too. */
  private nameGroup(call: string, machine: string, group: string, event: string, failed: string): string {
    check(isName(machine), call, 'machine', machine, NAME_RULE);
    check(event === '' || isName(event), call, 'event', event, NAME_RULE);
    check(failed === '' || isName(failed), call, 'failed', failed, NAME_RULE);
    check(
      this.groups.length < MAX_GROUPS,
      call,
      'number of calls',
      MAX_GROUPS + 1,
      `a step starts ${MAX_GROUPS} groups or single children at most`,
    );
    return `${group}-${this.claim.steps}-${this.groups.length}`;
  }
}

function whole(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

function check(fine: boolean, call: string, field: string, value: unknown, wayOut: string): void {
  if (!fine) throw new RangeError(`${call}: ${field} is ${JSON.stringify(value) ?? 'missing'}; ${wayOut}`);
}
