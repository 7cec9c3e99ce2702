import { maskPassword } from './mask';

/** What is wrong with one variable. */
export interface Fault {
  readonly variable: string;
  /** As it was given, passwords masked; undefined when it was not given at all. */
  readonly value?: string;
  /** What is wrong, or what would do. */
  readonly problem: string;
}

/** The environment cannot be used. The message lists every fault, one a line. */
export class ConfigError extends Error {
  readonly code = 'INVALID_CONFIG';
  readonly faults: readonly Fault[];
  constructor(faults: readonly Fault[]) {
    const masked = faults.map((fault) => ({
      ...fault,
      value: fault.value === undefined ? undefined : maskPassword(fault.value),
    }));
    const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
    super([`the environment has ${count}:`, ...masked.map(line)].join('\n  '));
    this.name = 'ConfigError';
    this.faults = masked;
  }
}

function line({ variable, value, problem }: Fault): string {
  return `${variable} is ${value === undefined ? 'not set' : JSON.stringify(value)}: ${problem}`;
}
