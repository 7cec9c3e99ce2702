import { PSEUDO_CANCEL, PSEUDO_INIT, type Definition, type StateDefinition } from '@stile/machine';
import { graphOf, isWayIn, type Edge, type EdgeKind } from './graph';
import { edgeLines, stateLines } from './labels';

const GRAPH = 'rankdir=TB, nodesep=0.4, ranksep=0.45';
const NODE = 'shape=box, style=rounded, fontname="Helvetica", fontsize=12, margin="0.17,0.09"';
const EDGE = 'fontname="Helvetica", fontsize=10, arrowsize=0.7';
/** Other lines for other kinds; no colours, those are the page's. */
const LINES: Readonly<Record<EdgeKind, string>> = { event: '', timer: 'dashed', local: 'dotted', retry: 'dashed' };

/**
 * A definition as a graph in Graphviz' DOT language. States are nodes of their own names with `id="state-NAME"`; final ones have a
 * double border. Edges have `id="edge-N"` by their order. Pure and deterministic; names of any kind are quoted.
 */
export function toDot(definition: Definition): string {
  const { states, edges } = graphOf(definition);
  const { name, version } = definition;
  return [
    `digraph ${quoted(`${name}@${version}`)} {`,
    `  graph [${GRAPH}];`,
    `  node [${NODE}];`,
    `  edge [${EDGE}];`,
    ...edges.filter(isWayIn).map(({ from }) => `  ${quoted(nodeName(from))} [${MARKERS[from]}];`),
    ...states.map((state) => `  ${stateNode(definition, state)};`),
    ...edges.map((edge, index) => `  ${edgeLine(edge, index)};`),
    '}',
    '',
  ].join('\n');
}

const MARKERS: Readonly<Record<string, string>> = {
  [PSEUDO_INIT]: 'id="marker-start", class="marker", shape=point, width=0.14, label=""',
  [PSEUDO_CANCEL]: 'id="marker-cancel", class="marker", shape=circle, width=0.14, label=""',
};

/** A state cannot be called like a marker: no name holds a colon. */
function nodeName(from: string): string {
  return from === PSEUDO_INIT ? ':start' : from === PSEUDO_CANCEL ? ':cancel' : from;
}

function stateNode(definition: Definition, state: StateDefinition): string {
  const attributes = [
    `id=${quoted(`state-${state.name}`)}`,
    'class="node"',
    `label=${label([state.name, ...stateLines(definition, state)])}`,
    ...(state.final ? ['peripheries=2'] : []),
  ];
  return `${quoted(state.name)} [${attributes.join(', ')}]`;
}

function edgeLine(edge: Edge, index: number): string {
  const lines = edgeLines(edge);
  const attributes = [
    `id="edge-${index}"`,
    'class="edge"',
    ...(lines.length > 0 ? [`label=${label(lines)}`] : []),
    ...(LINES[edge.kind] === '' ? [] : [`style=${LINES[edge.kind]}`]),
  ];
  const from = isWayIn(edge) ? nodeName(edge.from) : edge.from;
  return `${quoted(from)} -> ${quoted(edge.to)} [${attributes.join(', ')}]`;
}

function quoted(text: string): string {
  return `"${dotText(text).replaceAll('"', '\\"')}"`;
}

/**
 * A text as Graphviz keeps it: backslashes are doubled, since `id` and `label` have escapes of their own. No control characters: Graphviz is
 * written in C, where NUL ends a text.
 */
export function dotText(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f]/g, '\u{FFFD}').replaceAll('\\', '\\\\');
}

/** Blanks keep the lines off the edges. `&` would begin an entity. */
function label(lines: readonly string[]): string {
  return `"${lines.map((line) => ` ${quoted(line.replaceAll('&', '&amp;')).slice(1, -1)} `).join('\\n')}"`;
}
