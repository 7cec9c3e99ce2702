import type { Fault } from './config-error';
import { BadValue } from './parsers';
import type { ConfigWithoutRedis } from './stile-config';

/** Faults to be injected, for tests. */
export interface ChaosConfig {
  readonly seed: number;
  /** Also where NODE_ENV is production. */
  readonly force: boolean;
  /** Operation, or `*` for all others, and how probable an error of it is, 0 … 1. */
  readonly errors: Readonly<Record<string, number>>;
}

const WANTED =
  'give a JSON object of operations and probabilities, such as {"commit": 0.05, "*": 0.01, "seed": 7}; seed and force are optional';

/** `{"commit": 0.05, "*": 0.01, "seed": 7, "force": true}`. Whether there is such an operation is for whoever injects to say. */
export function chaos(text: string): ChaosConfig {
  const { seed = 1, force = false, ...errors } = parseObject(text);
  if (typeof seed !== 'number' || !Number.isSafeInteger(seed) || seed < 0) throw new BadValue('seed has to be an integer ≥ 0');
  if (typeof force !== 'boolean') throw new BadValue('force has to be true or false');
  for (const [operation, probability] of Object.entries(errors)) {
    if (typeof probability !== 'number' || !(probability >= 0 && probability <= 1)) {
      throw new BadValue(`${operation} is ${JSON.stringify(probability)}, no probability from 0 to 1`);
    }
  }
  if (Object.keys(errors).length === 0) throw new BadValue(`no operation is named; ${WANTED}`);
  return { seed, force, errors: errors as Record<string, number> };
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // not JSON: the same answer
  }
  throw new BadValue(WANTED);
}

/** Faults are for tests: what runs people's payments must not get them by a variable that was left behind. */
export function chaosFaults({ chaos }: ConfigWithoutRedis, env: NodeJS.ProcessEnv): Fault[] {
  if (!chaos || chaos.force || env.NODE_ENV !== 'production') return [];
  return [
    {
      variable: 'STILE_CHAOS',
      value: env.STILE_CHAOS,
      problem: 'it injects faults, and NODE_ENV is production; unset it, or add "force": true where that is meant',
    },
  ];
}
