import type { Definition, Machine } from '../api/types';
import { liveOf, type ByStatus, type Tally } from './counts';
import { short } from './numbers';
import { edgeKey, type Way } from './way';

/** A small label at a node: how many machines are in it, for instance. */
export interface Badge {
  readonly text: string;
  /** For the tooltip. */
  readonly title: string;
  readonly tone: 'live' | 'failed' | 'ended';
}

/** What is drawn over a graph. Marks become CSS classes. */
export interface GraphMarks {
  readonly states: ReadonlyMap<string, { readonly marks: readonly string[]; readonly badges: readonly Badge[] }>;
  readonly edges: ReadonlyMap<string, readonly string[]>;
}

/** Machines that are about to enter their first state, or are delayed: at the point where the drawing begins. */
const START = 'pseudo_init';

/** Of a definition: how many machines are in each state, failures apart. */
export function marksOfCounts(definition: Definition, tally: Tally): GraphMarks {
  const states = [...Object.keys(definition.states), START].map((name) => {
    const counts = tally.byState.get(name) ?? {};
    const marks = [...(counts.failed ? ['failing'] : []), ...(liveOf(counts) > 0 ? ['busy'] : [])];
    return [name, { marks, badges: badgesOf(counts) }] as const;
  });
  return { states: new Map(states), edges: new Map() };
}

function badgesOf(counts: ByStatus): Badge[] {
  const ended = (counts.completed ?? 0) + (counts.cancelled ?? 0);
  const badges: Badge[] = [
    { text: short(liveOf(counts)), title: `${liveOf(counts)} live`, tone: 'live' },
    { text: short(counts.failed ?? 0), title: `${counts.failed ?? 0} failed`, tone: 'failed' },
    { text: short(ended), title: `${ended} ended`, tone: 'ended' },
  ];
  return badges.filter(({ text }) => text !== '0');
}

type Standing = Pick<Machine, 'state' | 'event' | 'status' | 'steps' | 'retries'>;

/** Of one machine: where it is, the way that it has taken, and the edge that it is about to take or fails at. */
export function marksOfMachine(definition: Definition | undefined, machine: Standing, way: Way): GraphMarks {
  const target = targetInHand(definition, machine);
  const names = new Set([...Object.keys(definition?.states ?? {}), ...way.states, ...way.failed.keys(), machine.state]);
  const troubled = machine.status === 'failed' || machine.retries > 0;
  const states = [...names].map((name) => {
    const marks: string[] = [];
    if (way.states.has(name)) marks.push('visited');
    if (name === machine.state) marks.push('current', `is-${machine.status}`);
    if (name === target) marks.push(troubled ? 'failing' : 'next');
    const failures = way.failed.get(name) ?? 0;
    const badges: Badge[] = failures > 0 ? [{ text: short(failures), title: `${failures} failed attempts`, tone: 'failed' }] : [];
    return [name, { marks, badges }] as const;
  });
  const edges = new Map<string, string[]>([...way.edges.keys()].map((key) => [key, ['taken']]));
  if (target !== undefined) {
    const key = edgeKey(machine.state, machine.event);
    edges.set(key, [...(edges.get(key) ?? []), troubled ? 'failing' : 'pending']);
  }
  return { states: new Map(states), edges };
}

/** Where the step in hand leads to; undefined when there is none. */
export function targetInHand(definition: Definition | undefined, { state, event, status, steps }: Standing): string | undefined {
  if (!definition || status === 'waiting' || status === 'completed' || status === 'cancelled') return undefined;
  // One that was paused while it waited still has the event that led here.
  if (event === START) return steps === 0 ? definition.initial : undefined;
  if (event === 'pseudo_cancel') return definition.onCancel;
  const moved = /^pseudo_move:(.+)$/.exec(event)?.[1];
  if (moved !== undefined) return moved;
  const transitions = definition.states[state]?.transitions ?? {};
  return Object.hasOwn(transitions, event) ? transitions[event]?.target : undefined;
}
