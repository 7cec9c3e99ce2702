// What of a drawing gets into the page. It comes from our own API; names in it come from people who write definitions.
const ELEMENTS = new Set([
  'svg',
  'g',
  'path',
  'polygon',
  'polyline',
  'ellipse',
  'circle',
  'rect',
  'line',
  'text',
  'tspan',
  'title',
]);

const ATTRIBUTES = new Set([
  ...['viewBox', 'd', 'points', 'x', 'y', 'x1', 'y1', 'x2', 'y2', 'dx', 'dy', 'cx', 'cy', 'r', 'rx', 'ry', 'width', 'height'],
  ...[
    'transform',
    'class',
    'text-anchor',
    'dominant-baseline',
    'font-size',
    'font-family',
    'fill',
    'stroke',
    'stroke-width',
    'stroke-dasharray',
  ],
  ...['data-state', 'data-from', 'data-to', 'data-event', 'data-kind', 'data-initial', 'data-final', 'data-marker'],
]);

export function isAllowedElement(name: string): boolean {
  return ELEMENTS.has(name);
}

/** Neither what runs (`on…`), nor what styles inline, nor what points elsewhere (`href`, `url(…)`). */
export function isAllowedAttribute(name: string, value: string): boolean {
  return ATTRIBUTES.has(name) && !/url\s*\(|javascript:/i.test(value);
}
