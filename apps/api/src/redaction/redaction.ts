import { makeRedactor, REDACTED, type Redactor } from '@stile/machine';

/** Fields of answers that hold users' data. */
const PAYLOADS = new Set(['context', 'data', 'heartbeat']);
/** Answers are shallow: a machine, a list of them, a list of what came of each. */
const MAX_DEPTH = 4;

/** Hides fields of users' data in what the API answers: STILE_REDACT. The same for all callers. */
export class Redaction {
  private readonly redact?: Redactor;

  /** @param paths see `makeRedactor` */
  constructor(paths: readonly string[] = []) {
    this.redact = makeRedactor(paths);
  }

  /** A copy of an answer without what is not to be shown; the answer itself where nothing is hidden. */
  of<T>(answer: T): T {
    return this.redact ? (walk(answer, this.redact, 0) as T) : answer;
  }

  /** Whether a text stands in it that was shown in the place of another: writing it back would lose what it hides. */
  holdsHidden(value: unknown): boolean {
    if (this.redact === undefined) return false;
    try {
      return JSON.stringify(value ?? null).includes(JSON.stringify(REDACTED));
    } catch {
      return false; // nested deeper than the stack: refused for its depth later on
    }
  }
}

function walk(value: unknown, redact: Redactor, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((item) => walk(item, redact, depth + 1));
  const shown: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) shown[key] = PAYLOADS.has(key) ? redact(item) : walk(item, redact, depth + 1);
  return shown;
}
