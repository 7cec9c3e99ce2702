import { below, isObject, shown, type Findings, type Json } from './fields';

/** Fields that hold others: what else is written there would be taken apart wrongly. */
const OBJECTS: ReadonlySet<string> = new Set(['retry', 'deadline', 'events']);

/** What the export kept under `meta.stile`. Types of single values are left to the loader, which tells. */
export function readStileMeta<T extends object>(
  what: Json,
  path: string,
  known: readonly (keyof T & string)[],
  findings: Findings,
): T {
  const { meta } = what;
  if (!isObject(meta)) return {} as T;
  for (const key of Object.keys(meta)) {
    if (key !== 'stile') findings.note(below(path, `meta.${key}`), 'has no counterpart in Stile, and is left out');
  }
  const { stile } = meta;
  if (!isObject(stile)) return {} as T;
  const kept = Object.entries(stile).filter(([key, value]) => {
    const at = below(path, `meta.stile.${key}`);
    if (!(known as readonly string[]).includes(key)) return findings.note(at, 'is not known, and left out');
    if (OBJECTS.has(key) && !isObject(value)) return findings.refuse(at, `is ${shown(value)}; give an object`);
    return true;
  });
  return Object.fromEntries(kept) as T;
}
