import type { Definition } from '../definition';
import type { MachineSource } from '../machine-source';
import { nearest } from '../suggest';
import type { Report } from './report';

type Edges = ReadonlyMap<string, ReadonlySet<string>>;

/** Whether every state can be come to, and an end can be come to from every state. */
export function checkReachability({ definition, initials, alsoReached = [] }: MachineSource, report: Report): void {
  const names = Object.keys(definition.states);
  const forth = edgesOf(definition);
  const found = (name: string) => meant(definition, name) ?? [];
  const cleanUp = definition.onCancel === undefined ? [] : [definition.onCancel].flatMap(found);
  const roots = (initials ?? [definition.initial]).flatMap(found);
  if (roots.length > 0) {
    const reached = closure([...roots, ...cleanUp, ...alsoReached], forth);
    for (const name of names.filter((state) => !reached.has(state))) {
      const message = `state "${name}" cannot be reached from initial state "${roots[0]}"; lead a transition to it, or drop it`;
      report.error('unreachable-state', message, { state: name });
    }
  }
  const finals = Object.values(definition.states).filter(({ final }) => final);
  if (finals.length === 0) {
    if (names.length === 0) return;
    const message = `machine "${definition.name}" has no final state, so it never completes; is that meant?`;
    report.warning('no-way-to-end', message);
    for (const name of cleanUp) report.warning('no-way-to-end', endless(name), { field: 'onCancel' });
    return;
  }
  const ending = closure(
    finals.map(({ name }) => name),
    reversed(forth),
  );
  for (const name of names.filter((state) => !ending.has(state))) {
    if (cleanUp.includes(name)) report.warning('no-way-to-end', endless(name), { field: 'onCancel' });
    else report.warning('no-way-to-end', `no final state can be reached from state "${name}"; is that meant?`, { state: name });
  }
}

function endless(cleanUp: string): string {
  return `no final state can be reached from state "${cleanUp}", so a machine that is cancelled never ends; is that meant?`;
}

/** A mistyped name counts as the one that was meant: one slip is one problem. */
function meant({ states }: Definition, name: string): string | undefined {
  return Object.hasOwn(states, name) ? name : nearest(name, Object.keys(states));
}

function edgesOf(definition: Definition): Edges {
  const edges = new Map<string, Set<string>>();
  for (const { name, final, transitions } of Object.values(definition.states)) {
    const targets = final ? [] : Object.values(transitions).flatMap(({ target }) => meant(definition, target) ?? []);
    edges.set(name, new Set(targets));
  }
  return edges;
}

function reversed(edges: Edges): Edges {
  const back = new Map([...edges.keys()].map((name) => [name, new Set<string>()]));
  for (const [from, targets] of edges) for (const to of targets) back.get(to)?.add(from);
  return back;
}

function closure(roots: readonly string[], edges: Edges): Set<string> {
  const seen = new Set(roots);
  for (const name of seen) for (const next of edges.get(name) ?? []) seen.add(next); // a Set yields what is added on the way
  return seen;
}
