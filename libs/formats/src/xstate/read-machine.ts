import { DEFAULT_MAX_RETRIES, DEFAULT_QUEUE, type Definition, type StateDefinition } from '@stile/machine';
import type { StileMachineMeta } from './config';
import { checkFields, isObject, shown, textOf, type FieldTable, type Findings, type Json } from './fields';
import { readStileMeta } from './read-meta';
import { StateReader } from './read-state';
import type { Targets } from './read-transition';

const EVERYWHERE = 'would hold in all states, which Stile has no word for; write it into each';
const ROOT: FieldTable = {
  id: 'read',
  initial: 'read',
  states: 'read',
  type: 'read',
  meta: 'read',
  on: { refused: EVERYWHERE },
  after: { refused: 'is a timer of the whole machine; give it a deadline in Stile' },
  always: { refused: EVERYWHERE },
  entry: { refused: 'is run when the machine starts; give it to the initial state' },
  exit: { refused: 'is run when the machine ends; give it to the final states' },
  invoke: { refused: 'runs beside all states, which Stile has no word for; invoke it in a state' },
  onDone: { refused: EVERYWHERE },
  context: 'dropped', // of the start, not of the definition
  description: 'dropped',
  output: 'dropped',
  tags: 'dropped',
  version: 'dropped',
};

const META: readonly (keyof StileMachineMeta)[] = [
  'version',
  'maxRetries',
  'retry',
  'queue',
  'retentionMs',
  'deadline',
  'onCancel',
  'inboxLimit',
];

/** The definition of a machine config; nothing, or one that is not to be used, where there are problems. */
export function readMachine(json: unknown, findings: Findings): Definition | undefined {
  if (!isObject(json)) return findings.refuse('', `is ${shown(json)}; give the config of a machine, an object`);
  checkFields(json, '', ROOT, findings);
  const { type, states } = json;
  if (type === 'parallel') return findings.refuse('type', 'is "parallel"; a machine of Stile is in one state at a time');
  if (type !== undefined && type !== 'compound') return findings.refuse('type', `is ${shown(type)}; give a machine with states`);
  if (!isObject(states) || Object.keys(states).length === 0) return findings.refuse('states', 'has no states; give at least one');
  const name = textOf(json['id'], 'id', findings) ?? unnamed(findings);
  const reader = new StateReader(targetsOf(name, states), findings);
  const read = Object.entries(states).flatMap(([key, state]): [string, StateDefinition][] => {
    const found = reader.read(key, state);
    return found ? [[key, found]] : [];
  });
  return {
    version: 1,
    maxRetries: DEFAULT_MAX_RETRIES,
    queue: DEFAULT_QUEUE,
    ...readStileMeta<StileMachineMeta>(json, '', META, findings),
    name,
    initial: initialOf(json, findings) ?? '',
    states: Object.fromEntries(read),
  };
}

function unnamed(findings: Findings): string {
  findings.note('id', 'is not there; the definition is called "machine"');
  return 'machine';
}

/** A state's name, or `{ target, actions }`. */
function initialOf({ initial }: Json, findings: Findings): string | undefined {
  const state = isObject(initial) ? textOf(initial['target'], 'initial.target', findings) : textOf(initial, 'initial', findings);
  if (isObject(initial) && initial['actions'] !== undefined) {
    findings.refuse('initial.actions', 'are run when the machine starts; make them the entry of the initial state');
  }
  return state ?? findings.refuse('initial', 'is missing; name the state that the machine begins in');
}

function targetsOf(id: string, states: Json): Targets {
  const ids = new Map<string, string>();
  for (const [key, state] of Object.entries(states)) {
    ids.set(`${id}.${key}`, key); // what XState calls it by default
    if (isObject(state) && typeof state['id'] === 'string') ids.set(state['id'], key);
  }
  return { ids };
}
