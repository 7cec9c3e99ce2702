import { PSEUDO_CANCEL, type Definition } from '@stile/machine';
import { dotText, toDot } from './dot';
import { graphOf, isWayIn, type Edge, type EdgeKind } from './graph';
import { layOut, type Drawn, type DrawOp, type Layout, type Point } from './graphviz';
import { describeGraph, edgeLines } from './labels';
import { attributes, element, escapeXml } from './markup';

export interface SvgOptions {
  /** Time that laying the graph out may take, ms. @default 10000 */
  readonly limitMs?: number;
}

const DEFAULT_LIMIT_MS = 10_000;
/** Room around the drawing, in its units. */
const MARGIN = 4;
const DASHES: Readonly<Record<EdgeKind, string | undefined>> = { event: undefined, timer: '5 3', local: '1 3', retry: '8 3 2 3' };

/**
 * A definition drawn: laid out by Graphviz, written anew as plain SVG.
 *
 * Each state is `<g class="node" id="state-NAME" data-state="NAME">`, with `data-initial` and `data-final`; each transition
 * `<g class="edge" data-from data-to data-event data-kind>`, with `data-internal` and `data-local`. The ways in come from
 * `<g class="marker" data-marker="start|cancel">`, their edges have `data-from` and `data-event` as a machine's history has them:
 * `pseudo_init` and `pseudo_cancel`. It holds no styles, scripts or colours but `currentColor`, all as presentation attributes, so that any
 * style sheet of the page wins. It has no size but a viewBox. Pure and deterministic.
 *
 * @throws FormatError when laying it out takes longer than it may
 */
export async function toSvg(definition: Definition, { limitMs = DEFAULT_LIMIT_MS }: SvgOptions = {}): Promise<string> {
  return draw(definition, await layOut(toDot(definition), limitMs));
}

function draw(definition: Definition, layout: Layout): string {
  const { states, edges } = graphOf(definition);
  const [, , width = 0, height = 0] = layout.bb.split(',').map(Number);
  const shapes = new Shapes(height);
  const drawn = new Map([...(layout.objects ?? []), ...(layout.edges ?? [])].map((item) => [item.id, item]));
  const viewBox = [-MARGIN, -MARGIN, width + 2 * MARGIN, height + 2 * MARGIN].map(rounded).join(' ');
  const { name, version } = definition;
  const root = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox,
    role: 'img',
    'data-machine': name,
    'data-version': String(version),
  };
  const plain = { fill: 'none', stroke: 'currentColor', 'font-family': 'Helvetica, Arial, sans-serif', 'text-anchor': 'middle' };
  return [
    `<svg${attributes(root)}>`,
    element('title', {}, escapeXml(`${name}@${version}`)),
    element('desc', {}, escapeXml(describeGraph(definition, edges))),
    `<g${attributes(plain)}>`,
    ...edges.map((edge, index) => edgeGroup(edge, shapes.of(drawn.get(`edge-${index}`), DASHES[edge.kind]))),
    ...edges.filter(isWayIn).map(({ event }) => {
      const marker = event === PSEUDO_CANCEL ? 'cancel' : 'start';
      return element('g', { class: 'marker', 'data-marker': marker }, shapes.of(drawn.get(`marker-${marker}`)));
    }),
    ...states.map((state) => {
      const flags = { 'data-initial': flag(state.name === definition.initial), 'data-final': flag(state.final) };
      const group = { class: 'node', id: `state-${state.name}`, 'data-state': state.name, ...flags };
      return element('g', group, shapes.of(drawn.get(dotText(`state-${state.name}`))));
    }),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

function edgeGroup(edge: Edge, shapes: string): string {
  const { from, to, event, kind, internal, local } = edge;
  const group = {
    class: 'edge',
    'data-from': from,
    'data-to': to,
    'data-event': event,
    'data-kind': kind,
    'data-internal': flag(internal),
    'data-local': flag(local),
  };
  const told = isWayIn(edge) ? edgeLines(edge) : [`${from} to ${to}`, ...edgeLines(edge)];
  return element('g', group, `${told.length > 0 ? element('title', {}, escapeXml(told.join(', '))) : ''}${shapes}`);
}

/** Graphviz' drawing operations as SVG elements. Its colours, widths and styles are passed over. */
class Shapes {
  constructor(private readonly height: number) {}

  of(drawn: Drawn | undefined, dashes?: string): string {
    const { _draw_: lines = [], _hdraw_: heads = [], _ldraw_: labels = [] } = drawn ?? {};
    return [
      ...lines.map((op) => this.shape(op, { 'stroke-dasharray': dashes })),
      ...heads.map((op) => this.shape(op, { fill: 'currentColor' })),
      ...this.texts(labels),
    ].join('');
  }

  private shape({ op, points = [], rect }: DrawOp, more: Record<string, string | undefined>): string {
    switch (op) {
      case 'p':
      case 'P':
        return element('polygon', { points: points.map((point) => this.at(point)).join(' '), ...more });
      case 'L':
        return element('polyline', { points: points.map((point) => this.at(point)).join(' '), ...more });
      case 'b':
      case 'B': {
        const [first = [0, 0] as const, ...rest] = points;
        return element('path', { d: `M${this.at(first)}C${rest.map((point) => this.at(point)).join(' ')}`, ...more });
      }
      case 'e':
      case 'E': {
        const [x = 0, y = 0, rx = 0, ry = 0] = rect ?? [];
        const filled = op === 'E' ? { fill: 'currentColor' } : {};
        const place = { cx: rounded(x), cy: rounded(this.height - y), rx: rounded(rx), ry: rounded(ry) };
        return element('ellipse', { ...place, ...filled, ...more });
      }
      default:
        return '';
    }
  }

  private texts(ops: readonly DrawOp[]): string[] {
    let size = 0;
    let line = 0;
    return ops.map(({ op, pt, text, ...font }) => {
      if (op === 'F') size = font.size ?? size;
      if (op !== 'T' || !pt || text === undefined) return '';
      const role = line++ === 0 ? undefined : 'remark'; // the name, or the event, comes first
      const place = { class: role, x: rounded(pt[0]), y: rounded(this.height - pt[1]), 'font-size': rounded(size) };
      return element('text', { ...place, fill: 'currentColor', stroke: 'none' }, escapeXml(text.trim()));
    });
  }

  private at([x, y]: Point): string {
    return `${rounded(x)},${rounded(this.height - y)}`;
  }
}

function flag(set: boolean): string | undefined {
  return set ? 'true' : undefined;
}

function rounded(value: number): string {
  return String(Math.round(value * 100) / 100);
}
