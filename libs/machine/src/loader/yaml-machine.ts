import type { Node } from 'yaml';
import { defined } from '../core/authored';
import { DEFAULT_MAX_RETRIES, DEFAULT_QUEUE, type Definition, type State, type Transition } from '../core/definition';
import type { DefinitionPart, MachineSource } from '../core/machine-source';
import { emptyRecord } from '../core/names';
import type { YamlDocument } from './yaml-document';
import { YamlFields } from './yaml-fields';
import { readDeadline, readPolicies, readRetry, readTimers, type Mark } from './yaml-parts';

export const MACHINE_KEYS = [
  'name',
  'version',
  'max_retries',
  'retry',
  'queue',
  'retention',
  'deadline',
  'on_cancel',
  'inbox_limit',
  'states',
];
export const STATE_KEYS = [
  'name',
  'initial',
  'final',
  'entry_action',
  'do_action',
  'exit_action',
  'on_exhausted',
  'retry',
  'after',
  'events',
  'timeout',
  'transitions',
];
export const TRANSITION_KEYS = ['target', 'event', 'action', 'local'];
/** What {@link Definition} calls them: problems are told in its words. */
const MACHINE_FIELDS = {
  name: 'name',
  version: 'version',
  maxRetries: 'max_retries',
  queue: 'queue',
  retentionMs: 'retention',
  onCancel: 'on_cancel',
  inboxLimit: 'inbox_limit',
  states: 'states',
};
const STATE_FIELDS = {
  name: 'name',
  initial: 'initial',
  entryAction: 'entry_action',
  doAction: 'do_action',
  exitAction: 'exit_action',
  onExhausted: 'on_exhausted',
  after: 'after',
  events: 'events',
  timeoutMs: 'timeout',
};
const TRANSITION_FIELDS = { event: 'event', target: 'target', action: 'action', local: 'local' };

/** Reads one machine. What cannot be read is reported and left out, so that the rest can still be validated. */
export class YamlMachine {
  private readonly lines = new Map<string, number>();
  private readonly initials: string[] = [];
  private readonly alsoReached: string[] = [];
  private incomplete = false;

  constructor(
    private readonly document: YamlDocument,
    private readonly fields: YamlFields,
  ) {}

  read(): MachineSource {
    const { document, fields } = this;
    const name = fields.requiredText('name') ?? '';
    fields.what = `machine "${name}"`;
    const extras = this.extras();
    const states = emptyRecord<State>();
    for (const node of fields.list('states')) this.addState(states, node);
    const definition: Definition = {
      name: name === '' ? 'nameless' : name, // reported already
      version: fields.number('version') ?? 1,
      maxRetries: fields.number('max_retries') ?? DEFAULT_MAX_RETRIES,
      queue: fields.text('queue') ?? DEFAULT_QUEUE,
      ...extras,
      initial: this.initials[0] ?? '',
      states,
    };
    const line = document.lineOf(fields.node);
    this.mark({}, line);
    this.markFields({}, fields, MACHINE_FIELDS);
    return {
      definition,
      actions: new Map(),
      origin: `${document.file}:${line}`,
      locate: (part) => ({ file: document.file, line: this.nearest(part) }),
      initials: this.initials,
      alsoReached: this.alsoReached,
      incomplete: this.incomplete || fields.broken,
    };
  }

  private extras(): Partial<Definition> {
    const { fields } = this;
    const mark = this.marker({});
    const onCancel = fields.text('on_cancel');
    if (fields.has('on_cancel') && onCancel === undefined) this.incomplete = true; // what it leads to is not judged
    return defined({
      retry: readRetry(fields, mark),
      retentionMs: fields.duration('retention'),
      deadline: readDeadline(fields, mark),
      onCancel,
      inboxLimit: fields.number('inbox_limit'),
    });
  }

  private addState(states: Record<string, State>, node: Node): void {
    const fields = YamlFields.of(this.document, node, `a state of ${this.fields.what}`, STATE_KEYS);
    if (!fields) return void (this.incomplete = true);
    const name = fields.requiredText('name');
    if (name !== undefined) fields.what = `state "${name}"`;
    if (name === undefined || Object.hasOwn(states, name)) {
      this.refuseState(fields, name);
    } else {
      this.mark({ state: name }, this.document.lineOf(fields.keyOf('name')));
      this.markFields({ state: name }, fields, STATE_FIELDS);
      if (fields.boolean('initial')) this.initials.push(name);
      states[name] = this.state(name, fields);
    }
    if (fields.broken) this.incomplete = true;
  }

  /** A state without a name, or with one that is taken. It is still read: what is wrong inside is told, and where it leads counts. */
  private refuseState(fields: YamlFields, name: string | undefined): void {
    if (name !== undefined) {
      const message = `${this.fields.what} has state "${name}" twice, first in line ${this.nearest({ state: name })}; rename one`;
      this.document.error('duplicate-state', message, fields.keyOf('name'));
    }
    const { transitions } = this.state(name ?? '', fields);
    this.alsoReached.push(...Object.values(transitions).flatMap(({ target, internal }) => (internal ? [] : [target])));
  }

  private state(name: string, fields: YamlFields): State {
    const mark = this.marker({ state: name });
    return {
      name,
      final: fields.boolean('final') ?? false,
      ...defined({
        entryAction: fields.text('entry_action'),
        doAction: fields.text('do_action'),
        exitAction: fields.text('exit_action'),
        onExhausted: fields.text('on_exhausted'),
        retry: readRetry(fields, mark),
        after: readTimers(fields, mark),
        events: readPolicies(fields, mark),
        timeoutMs: fields.duration('timeout'),
      }),
      transitions: this.transitions(name, fields),
    };
  }

  private transitions(state: string, fields: YamlFields): Record<string, Transition> {
    const transitions = emptyRecord<Transition>();
    for (const node of fields.list('transitions')) {
      const found = YamlFields.of(this.document, node, `a transition of state "${state}"`, TRANSITION_KEYS);
      const event = found?.requiredText('event');
      if (found && event !== undefined) found.what = `transition "${event}" of state "${state}"`;
      const internal = found !== undefined && !found.has('target');
      const target = internal ? state : found?.requiredText('target');
      const rest = found && {
        ...defined({ action: found.text('action') }),
        local: found.boolean('local') ?? false,
        ...(internal ? { internal } : {}),
      };
      if (!found || !rest || event === undefined || target === undefined) {
        if (target !== undefined && !internal) this.alsoReached.push(target);
        continue;
      }
      if (Object.hasOwn(transitions, event)) {
        const message = `state "${state}" has event "${event}" twice, first in line ${this.nearest({ state, event })}; drop or rename one`;
        this.document.error('duplicate-event', message, found.keyOf('event'));
        if (!internal) this.alsoReached.push(target);
        continue;
      }
      transitions[event] = { event, target, ...rest };
      this.mark({ state, event }, this.document.lineOf(found.keyOf('event')));
      this.markFields({ state, event }, found, TRANSITION_FIELDS);
    }
    return transitions;
  }

  /** Notes where fields were written, by the names that {@link Definition} has for them. */
  private markFields(part: DefinitionPart, fields: YamlFields, names: Readonly<Record<string, string>>): void {
    for (const [field, key] of Object.entries(names)) {
      const line = fields.lineOf(key);
      if (line !== undefined) this.mark({ ...part, field }, line);
    }
  }

  private marker(part: DefinitionPart): Mark {
    return (field, line) => {
      if (line !== undefined) this.mark({ ...part, field }, line);
    };
  }

  /** The first one counts: of two states with one name it is the one that is kept. */
  private mark(part: DefinitionPart, line: number): void {
    const key = keyOf(part);
    if (!this.lines.has(key)) this.lines.set(key, line);
  }

  private nearest({ state, event, field }: DefinitionPart): number {
    for (const part of [{ state, event, field }, { state, event }, { state }, {}]) {
      const line = this.lines.get(keyOf(part));
      if (line !== undefined) return line;
    }
    return this.document.lineOf(this.fields.node);
  }
}

function keyOf({ state, event, field }: DefinitionPart): string {
  return JSON.stringify([state, event, field]);
}
