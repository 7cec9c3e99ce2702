import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FormatError } from '../format-error';
import { DEFINITIONS, full, hostile, order, ROOT, trip } from '../repo.fixtures';
import { everyElement, ofClass, parseSvg, type SvgElement } from '../svg-elements.fixtures';
import { toSvg } from './svg';

const textsOf = (element: SvgElement): string[] =>
  everyElement(element)
    .filter(({ name }) => name === 'text')
    .map(({ text }) => text);

/** Left, top, right, bottom of all points of an element's shapes. */
function boxOf(element: SvgElement): [number, number, number, number] {
  const numbers = everyElement(element).flatMap(({ attributes: { points = '', d = '' } }) =>
    [...`${points} ${d}`.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const),
  );
  const [xs, ys] = [numbers.map(([x]) => x), numbers.map(([, y]) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

describe('toSvg', () => {
  it.each(DEFINITIONS.map((definition) => [`${definition.name}@${definition.version}`, definition] as const))(
    'draws each state and each transition of %s once, and nothing a page could not style',
    async (_name, definition) => {
      const svg = parseSvg(await toSvg(definition));
      const states = Object.values(definition.states);
      expect(ofClass(svg, 'node').map(({ attributes }) => attributes)).toEqual(
        states.map(({ name, final }) => ({
          class: 'node',
          id: `state-${name}`,
          'data-state': name,
          ...(name === definition.initial ? { 'data-initial': 'true' } : {}),
          ...(final ? { 'data-final': 'true' } : {}),
        })),
      );
      const edges = ofClass(svg, 'edge').map(({ attributes: a }) => [a['data-from'], a['data-event'], a['data-to']]);
      expect(edges).toEqual([
        ['pseudo_init', 'pseudo_init', definition.initial],
        ...(definition.onCancel === undefined ? [] : [['pseudo_cancel', 'pseudo_cancel', definition.onCancel]]),
        ...states.flatMap(({ name, transitions }) =>
          Object.values(transitions).map(({ event, target }) => [name, event, target]),
        ),
      ]);
      for (const { name, attributes } of everyElement(svg)) {
        expect(['svg', 'title', 'desc', 'g', 'path', 'polygon', 'polyline', 'ellipse', 'text']).toContain(name);
        expect(['none', 'currentColor', undefined]).toContain(attributes['fill']);
        expect(['none', 'currentColor', undefined]).toContain(attributes['stroke']);
        expect(Object.keys(attributes).filter((key) => /^(style|on.*|href|xlink.*|width|height)$/.test(key))).toEqual([]);
      }
    },
  );

  it('lays states out side by side, inside of the picture, each around its name', async () => {
    const svg = parseSvg(await toSvg(trip));
    const [x = 0, y = 0, width = 0, height = 0] = svg.attributes['viewBox']!.split(' ').map(Number);
    const boxes = ofClass(svg, 'node').map(boxOf);
    for (const [left, top, right, bottom] of boxes) {
      expect(left).toBeGreaterThanOrEqual(x);
      expect(top).toBeGreaterThanOrEqual(y);
      expect(right).toBeLessThanOrEqual(x + width);
      expect(bottom).toBeLessThanOrEqual(y + height);
    }
    boxes.forEach((a, i) =>
      boxes.slice(i + 1).forEach((b) => expect(a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1]).toBe(true)),
    );
    ofClass(svg, 'node').forEach((node, i) => {
      const [left, top, right, bottom] = boxes[i]!;
      const label = everyElement(node).find(({ text }) => text === node.attributes['data-state'])!.attributes;
      expect(Number(label['x'])).toBeGreaterThan(left);
      expect(Number(label['x'])).toBeLessThan(right);
      expect(Number(label['y'])).toBeGreaterThan(top);
      expect(Number(label['y'])).toBeLessThan(bottom);
    });
  });

  it('says what brings an event, and draws each kind in another way', async () => {
    const svg = parseSvg(await toSvg(full));
    const edges = Object.fromEntries(
      ofClass(svg, 'edge').map((edge) => {
        const { 'data-from': from, 'data-event': event, 'data-kind': kind } = edge.attributes;
        const dashes = edge.children.find(({ name }) => name === 'path')?.attributes['stroke-dasharray'];
        return [`${from} ${event}`, [kind, dashes, ...textsOf(edge)]];
      }),
    );
    expect(edges).toEqual({
      'pseudo_init pseudo_init': ['event', undefined],
      'pseudo_cancel pseudo_cancel': ['event', undefined, 'when cancelled'],
      'begin go': ['event', undefined, 'go / audit.go'],
      'begin skip': ['local', '1 3', 'skip', 'local'],
      'work done': ['event', undefined, 'done'],
      'work again': ['timer', '5 3', 'again', 'after 1500ms'],
      'work nudge': ['timer', '5 3', 'nudge / work.nudge', 'after 50ms', 'internal'],
      'work stop': ['retry', '8 3 2 3', 'stop', 'retries exhausted'],
      'work late': ['timer', '5 3', 'late', 'after 24h', 'deadline 1h'].map((text) => (text === 'after 24h' ? 'after 1d' : text)),
      'clean done': ['event', undefined, 'done'],
    });
    expect(textsOf(ofClass(svg, 'node')[1]!)).toEqual(['work', 'retries 2', 'timeout 2500ms']);
    expect(ofClass(svg, 'marker').map(({ attributes }) => attributes['data-marker'])).toEqual(['start', 'cancel']);
    const borders = ofClass(svg, 'node').map(({ children }) => children.filter(({ name }) => name !== 'text').length);
    expect(borders).toEqual([1, 1, 1, 2]);
  });

  it('can be read out: a title, and all of the graph in words', async () => {
    const { attributes, children } = parseSvg(await toSvg(order));
    expect(attributes['role']).toBe('img');
    expect(children.slice(0, 2).map(({ name, text }) => [name, text])).toEqual([
      ['title', 'order@1'],
      [
        'desc',
        'Machine order, version 1, begins in reserve and ends in done. reserve to charge: reserved. charge to ship: charged. ' +
          'charge to release: refused, retries exhausted. ship to done: shipped. release to done: released.',
      ],
    ]);
  });

  it('takes names that are markup, quotes, control characters and keywords for what they are', async () => {
    const text = await toSvg(hostile);
    const svg = parseSvg(text);
    const shown = (name: string) => name.replace(/[\u0000\u001b]/g, '\u{FFFD}'); // eslint-disable-line no-control-regex -- what XML cannot hold
    expect(ofClass(svg, 'node').map(({ attributes }) => attributes['data-state'])).toEqual(
      Object.keys(hostile.states).map(shown),
    );
    expect(ofClass(svg, 'edge')).toHaveLength(1 + Object.keys(hostile.states).length);
    expect(text).not.toContain('<script');
    for (const edge of ofClass(svg, 'edge')) expect(edge.children.some(({ name }) => name === 'path')).toBe(true);
  });

  it('gives up on what takes too long, and draws the next one', async () => {
    const names = Array.from({ length: 60 }, (_, i) => `s${i}`);
    const across = (i: number) =>
      Object.fromEntries(
        [1, 38, 69].map((step, e) => [`e${e}`, { event: `e${e}`, target: `s${(i * 7 + step) % 60}`, local: false }]),
      );
    const states = Object.fromEntries(names.map((name, i) => [name, { name, final: false, transitions: across(i) }]));
    const dense = toSvg({ ...order, initial: 's0', states }, { limitMs: 100 });
    const next = toSvg(order);
    await expect(dense).rejects.toThrow(FormatError);
    expect(await next).toBe(await toSvg(order));
  });

  it('is the same each time', async () => expect(await toSvg(trip)).toBe(await toSvg(structuredClone(trip))));

  it('is what docs/guide/order.svg shows', async () => {
    expect(readFileSync(join(ROOT, 'docs/guide/order.svg'), 'utf8')).toBe(await toSvg(order));
  });
});
