import type { Parser } from './parsers';
import type { StileConfig } from './stile-config';

/** One environment variable. */
export interface Variable<N extends string = string, K extends keyof StileConfig = keyof StileConfig> {
  readonly name: N;
  /** The field of StileConfig that it sets. */
  readonly field: K;
  /** As one would write it in the environment. Undefined: none, the field stays undefined. */
  readonly default?: string;
  readonly description: string;
  readonly parse: Parser<StileConfig[K]>;
  /** It may hold a password: it can be given as a file, too: `<name>_FILE` names one that has it. @default false */
  readonly secret?: true;
  /** Its value is never shown, not even where it cannot be used. @default false */
  readonly hidden?: true;
}

export const define = <N extends `STILE_${string}`, K extends keyof StileConfig>(variable: Variable<N, K>) => variable;
