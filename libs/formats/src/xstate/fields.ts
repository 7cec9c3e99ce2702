import type { FormatProblem } from '../format-error';

export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a reading has found: problems stand in the way, notes do not. */
export class Findings {
  readonly problems: FormatProblem[] = [];
  readonly notes: string[] = [];

  refuse(path: string, message: string): undefined {
    this.problems.push({ path, message });
    return undefined;
  }

  note(path: string, message: string): void {
    this.notes.push(`${path}: ${message}`);
  }
}

/** What becomes of a field: read, without meaning for Stile, or in the way and why. */
export type FieldTable = Readonly<Record<string, 'read' | 'dropped' | { readonly refused: string }>>;

/** Tells what cannot be used of an object's fields. Empty and missing ones say nothing. */
export function checkFields(what: Json, path: string, table: FieldTable, findings: Findings): void {
  for (const [field, value] of Object.entries(what)) {
    if (isEmpty(value)) continue;
    const use = Object.hasOwn(table, field) ? table[field] : undefined;
    const at = below(path, field);
    if (use === undefined) findings.note(at, 'is not known, and left out');
    else if (use === 'dropped') findings.note(at, 'has no counterpart in Stile, and is left out');
    else if (use !== 'read') findings.refuse(at, use.refused);
  }
}

export function below(path: string, field: string): string {
  return path === '' ? field : `${path}.${field}`;
}

/** A text that is there. */
export function textOf(value: unknown, path: string, findings: Findings): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' && value !== '' ? value : findings.refuse(path, `is ${shown(value)}; give a name`);
}

/** The only one of what may be one or a list. More than one is in the way. */
export function onlyOne(value: unknown, path: string, wayOut: string, findings: Findings): unknown {
  if (!Array.isArray(value)) return value ?? undefined;
  if (value.length > 1) return findings.refuse(path, `has ${value.length} items where Stile has one; ${wayOut}`);
  return (value as unknown[])[0];
}

export function shown(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length <= 100 ? text : `${text.slice(0, 100)}…`;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return true;
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}
