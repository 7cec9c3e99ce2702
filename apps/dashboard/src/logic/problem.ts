import type { FieldProblem, Problem } from '../api/types';

/** What a body that is not a success says. A proxy's page, or nothing, is told as what it is. */
export function problemOf(status: number, text: string): Problem {
  const read = parse(text);
  if (read !== undefined && typeof read.code === 'string' && typeof read.detail === 'string') {
    return { ...read, status, code: read.code, title: read.title ?? `HTTP ${status}`, detail: read.detail };
  }
  return {
    status,
    code: `HTTP_${status}`,
    title: `HTTP ${status}`,
    detail: 'the answer is not one of Stile: a proxy may have given it',
  };
}

function parse(text: string): Partial<Problem> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A form's field and what is wrong with it; what is at fault but is no field of the form goes into `others`. */
export function sortOut(
  { errors = [] }: Problem,
  fields: readonly string[],
): { readonly byField: Readonly<Record<string, string>>; readonly others: readonly FieldProblem[] } {
  const byField: Record<string, string> = {};
  const others: FieldProblem[] = [];
  for (const error of errors) {
    const field = fields.find((name) => error.field === name || error.field.startsWith(`${name}.`));
    if (field === undefined || Object.hasOwn(byField, field)) others.push(error);
    else byField[field] = error.problem;
  }
  return { byField, others };
}
