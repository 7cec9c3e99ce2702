import { isAllowedAttribute, isAllowedElement } from '../logic/graph-allow';
import type { Badge, GraphMarks } from '../logic/graph-marks';
import { edgeKey } from '../logic/way';

const SVG = 'http://www.w3.org/2000/svg';
/** Names of states are 12 units high. */
const SCALE = 1.15;
const BADGE_HEIGHT = 18;
const BADGE_CHAR = 7;
const BADGE_PAD = 10;

/** A drawing of our API as elements of this page, what is not allowed left out; undefined when it is no drawing. */
export function readDrawing(text: string): SVGSVGElement | undefined {
  const parsed = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
  if (parsed.nodeName !== 'svg') return undefined;
  const svg = copy(parsed) as SVGSVGElement;
  const [, , width = '', height = ''] = (svg.getAttribute('viewBox') ?? '').split(/[\s,]+/);
  if (width !== '' && height !== '') {
    svg.setAttribute('width', String(Math.round(Number(width) * SCALE)));
    svg.setAttribute('height', String(Math.round(Number(height) * SCALE)));
  }
  return svg;
}

function copy(from: Element): Element {
  const to = document.createElementNS(SVG, from.nodeName);
  for (const { name, value } of from.attributes) {
    if (isAllowedAttribute(name, value)) to.setAttribute(name, value);
  }
  for (const child of from.childNodes) {
    if (child instanceof Element && isAllowedElement(child.nodeName)) to.append(copy(child));
    else if (child.nodeType === Node.TEXT_NODE) to.append(child.textContent ?? '');
  }
  return to;
}

/** Marks states and edges by classes `m-…`, and puts the badges on the states. What was marked before is not any more. */
export function mark(svg: SVGSVGElement, marks: GraphMarks): void {
  for (const badges of svg.querySelectorAll('.badges')) badges.remove();
  for (const node of svg.querySelectorAll<SVGGElement>('g.node, g.marker[data-marker="start"]')) {
    const state = marks.states.get(node.dataset.state ?? 'pseudo_init');
    setMarks(node, state?.marks ?? []);
    if (state && state.badges.length > 0) node.append(drawBadges(node, state.badges));
  }
  for (const edge of svg.querySelectorAll<SVGGElement>('g.edge')) {
    setMarks(edge, marks.edges.get(edgeKey(edge.dataset.from ?? '', edge.dataset.event ?? '')) ?? []);
  }
}

function setMarks(element: Element, marks: readonly string[]): void {
  for (const name of [...element.classList]) if (name.startsWith('m-')) element.classList.remove(name);
  element.classList.add(...marks.map((name) => `m-${name}`));
}

/** In a row that ends at the upper right corner of the node. */
function drawBadges(node: SVGGElement, badges: readonly Badge[]): SVGGElement {
  const { x, y, width } = node.getBBox();
  const row = create('g', { class: 'badges' });
  let right = x + width + 6;
  for (const { text, title, tone } of [...badges].reverse()) {
    const size = text.length * BADGE_CHAR + BADGE_PAD;
    const badge = create('g', { class: `badge badge-${tone}`, transform: `translate(${right - size} ${y - BADGE_HEIGHT / 2})` });
    const label = create('text', { x: String(size / 2), y: '13', 'text-anchor': 'middle' });
    label.textContent = text;
    const tip = create('title', {});
    tip.textContent = title;
    badge.append(tip, create('rect', { width: String(size), height: String(BADGE_HEIGHT), rx: '9' }), label);
    row.append(badge);
    right -= size + 3;
  }
  return row as SVGGElement;
}

function create(name: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
