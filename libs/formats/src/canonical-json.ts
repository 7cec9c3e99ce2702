import type { Definition } from '@stile/machine';

/**
 * A definition as canonical JSON (RFC 8785: no white space, keys sorted by their UTF-16 units), so that equal definitions are equal
 * texts, whatever they were written in. Fields that are `undefined` are left out.
 */
export function toJson(definition: Definition): string {
  return canonical(definition);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  // Numbers, strings and the rest: JSON.stringify writes them as the RFC asks for.
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, item]) => item !== undefined);
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
}
