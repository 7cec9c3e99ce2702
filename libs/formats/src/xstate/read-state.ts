import { formatDuration, type StateDefinition, type Timer, type Transition } from '@stile/machine';
import type { StileStateMeta } from './config';
import { below, checkFields, isObject, onlyOne, shown, textOf, type FieldTable, type Findings } from './fields';
import { readStileMeta } from './read-meta';
import { readAction, readTransition, type FoundTransition, type Targets } from './read-transition';

const NESTED = 'makes it a state with states inside; Stile has none: give each a name of its own, side by side';
const STATE: FieldTable = {
  type: 'read',
  entry: 'read',
  exit: 'read',
  invoke: 'read',
  on: 'read',
  after: 'read',
  meta: 'read',
  id: 'read',
  states: { refused: NESTED },
  initial: { refused: NESTED },
  onDone: { refused: NESTED },
  history: { refused: 'remembers a state; Stile has no history states' },
  always: { refused: 'is taken without an event; let the action before decide where to go' },
  description: 'dropped',
  output: 'dropped',
  tags: 'dropped',
};

const INVOKE: FieldTable = {
  src: 'read',
  id: 'read',
  onDone: 'read',
  onError: 'read',
  onSnapshot: { refused: 'is told of while the actor runs; let the action send events' },
  input: 'dropped',
  systemId: 'dropped',
  description: 'dropped',
};

const META: readonly (keyof StileStateMeta)[] = ['retry', 'onExhausted', 'events', 'timeoutMs', 'doAction'];

/** Reads one state after the other. */
export class StateReader {
  constructor(
    private readonly targets: Targets,
    private readonly findings: Findings,
  ) {}

  read(name: string, state: unknown): StateDefinition | undefined {
    const { findings } = this;
    const path = `states.${name}`;
    if (!isObject(state)) return findings.refuse(path, `is ${shown(state)}; give an object`);
    checkFields(state, path, STATE, findings);
    const { type = 'atomic' } = state;
    if (type !== 'atomic' && type !== 'final') {
      return findings.refuse(below(path, 'type'), `is ${shown(type)}; Stile has plain and final states only`);
    }
    const ways = new Ways(name, findings);
    for (const [event, value] of fieldsOf(state['on'], below(path, 'on'), findings)) {
      const at = below(path, `on.${event}`);
      if (event.includes('*')) findings.refuse(at, 'stands for many events; name each');
      else ways.add(this.transition(value, at, name), event, at);
    }
    const after = this.timers(state['after'], below(path, 'after'), name, ways);
    const kept = readStileMeta<StileStateMeta>(state, path, META, findings);
    const invoked = this.invoked(state['invoke'], below(path, 'invoke'), name, ways);
    return {
      name,
      final: type === 'final',
      ...kept,
      ...defined({
        entryAction: readAction(state['entry'], below(path, 'entry'), findings),
        exitAction: readAction(state['exit'], below(path, 'exit'), findings),
        after: after.length > 0 ? after : undefined,
        ...invoked,
      }),
      transitions: Object.fromEntries(ways.found),
    };
  }

  private transition(value: unknown, path: string, state: string): FoundTransition | undefined {
    return readTransition(value, path, state, this.targets, this.findings);
  }

  /** Transitions that come by themselves: events by the clock. */
  private timers(value: unknown, path: string, state: string, ways: Ways): readonly Timer[] {
    const { findings } = this;
    const timers: Timer[] = [];
    for (const [delay, config] of fieldsOf(value, path, findings)) {
      const at = below(path, delay);
      if (!/^\d{1,15}$/.test(delay)) {
        findings.refuse(at, 'is a delay by name; give it in ms');
        continue;
      }
      const afterMs = Number(delay);
      const event = ways.add(this.transition(config, at, state), `after.${formatDuration(afterMs)}`, at);
      if (event !== undefined) timers.push({ afterMs, event });
    }
    return timers.sort((a, b) => a.afterMs - b.afterMs);
  }

  /** The invoked actor as the `do` action. */
  private invoked(value: unknown, path: string, state: string, ways: Ways): Pick<StateDefinition, 'doAction' | 'onExhausted'> {
    const { findings } = this;
    const invoke = onlyOne(value, path, 'invoke one actor that runs the others', findings);
    if (invoke === undefined) return {};
    if (!isObject(invoke)) return findings.refuse(path, `is ${shown(invoke)}; give { src }`) ?? {};
    checkFields(invoke, path, INVOKE, findings);
    const doAction = readAction(invoke['src'], below(path, 'src'), findings);
    if (doAction === undefined) findings.refuse(below(path, 'src'), 'names no actor; give the name of a registered action');
    const done = this.brought(invoke['onDone'], below(path, 'onDone'), state, 'done', ways);
    if (done !== undefined) findings.note(below(path, 'onDone'), `action ${doAction} has to return ${done}`);
    const onExhausted = this.brought(invoke['onError'], below(path, 'onError'), state, 'error', ways);
    return defined({ doAction, onExhausted });
  }

  private brought(value: unknown, path: string, state: string, event: string, ways: Ways): string | undefined {
    return value === undefined || value === null ? undefined : ways.add(this.transition(value, path, state), event, path);
  }
}

/** The transitions of one state, by event. */
class Ways {
  readonly found = new Map<string, Transition>();

  constructor(
    private readonly state: string,
    private readonly findings: Findings,
  ) {}

  /**
   * Adds a transition and says under which event. One that is there already, and leads the same way, is the same.
   *
   * @param event what it is called where the transition does not say; another name is found where this one leads elsewhere
   */
  add(transition: FoundTransition | undefined, event: string, path: string): string | undefined {
    if (!transition) return undefined;
    const { event: kept, ...way } = transition;
    const named = textOf(kept, below(path, 'meta.stile.event'), this.findings);
    if (named !== undefined && this.clashes(named, way)) {
      return this.findings.refuse(path, `event ${named} of state ${this.state} leads elsewhere in on`);
    }
    let free = named ?? event;
    for (let number = 2; this.clashes(free, way); number++) free = `${event}-${number}`;
    if (!this.found.has(free)) this.found.set(free, { event: free, ...way });
    return free;
  }

  private clashes(event: string, way: Omit<Transition, 'event'>): boolean {
    const there = this.found.get(event);
    return (
      there !== undefined && !(there.target === way.target && there.action === way.action && there.internal === way.internal)
    );
  }
}

function fieldsOf(value: unknown, path: string, findings: Findings): [string, unknown][] {
  if (value === undefined || value === null) return [];
  if (isObject(value)) return Object.entries(value);
  findings.refuse(path, `is ${shown(value)}; give an object`);
  return [];
}

function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
