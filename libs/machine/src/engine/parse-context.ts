import type { Context } from '../core/step';

/** A stored context; nothing when it is not the JSON of an object. */
export function parseContext(text: string): Context | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Context) : undefined;
  } catch {
    return undefined;
  }
}
