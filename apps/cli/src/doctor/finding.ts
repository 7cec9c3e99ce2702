/** What doctor says of one thing. */
export interface Finding {
  /** What was looked at, e.g. `persistence`. */
  readonly check: string;
  /** `bad`: machines are lost, stand still or cannot start. `warn`: they may. `skipped`: it could not be looked at. */
  readonly level: 'ok' | 'warn' | 'bad' | 'skipped';
  readonly text: string;
  /** What to type. */
  readonly fix?: string;
}

export function ok(check: string, text: string): Finding {
  return { check, level: 'ok', text };
}

export function warn(check: string, text: string, fix: string): Finding {
  return { check, level: 'warn', text, fix };
}

export function bad(check: string, text: string, fix: string): Finding {
  return { check, level: 'bad', text, fix };
}
