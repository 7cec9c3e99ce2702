import { chaosFaults } from './chaos';
import { configTable, type Variable, type VariableName } from './config-table';
import { ConfigError, type Fault } from './config-error';
import { givenText } from './given-text';
import { BadValue } from './parsers';
import { partitionFaults } from './partitions';
import { doorFaults } from './redis-door';
import { secondaryFaults } from './secondary-lease';
import type { ConfigWithoutRedis, StileConfig } from './stile-config';
import { unknownVariables } from './unknown-variables';

/**
 * Reads and checks the configuration; variables and defaults stand in `configTable`.
 *
 * @param env @default process.env
 * @param options `redis: 'optional'` for a caller that can start a Redis of its own. @default 'required'
 * @throws ConfigError listing all faults at once
 */
export function readConfig(env?: NodeJS.ProcessEnv, options?: { readonly redis?: 'required' }): StileConfig;
export function readConfig(env: NodeJS.ProcessEnv | undefined, options: { readonly redis: 'optional' }): ConfigWithoutRedis;
export function readConfig(
  env: NodeJS.ProcessEnv = process.env,
  { redis = 'required' }: { readonly redis?: 'required' | 'optional' } = {},
): ConfigWithoutRedis {
  const faults: Fault[] = [];
  const values: Record<string, unknown> = {};
  for (const variable of configTable) {
    const value = readVariable(variable, env, faults);
    if (value !== undefined) values[variable.field] = value;
  }
  if (redis === 'required' && values.redisUrl === undefined && !faults.some(isOfRedis)) {
    faults.push({
      variable: 'STILE_REDIS_URL',
      problem: 'give the URL of a Redis, such as redis://127.0.0.1:6379',
    });
  }
  const config = values as unknown as ConfigWithoutRedis; // complete unless there are faults
  if (!faults.some(({ variable }) => variable === 'STILE_REDIS_URL')) faults.push(...doorFaults(config));
  faults.push(
    ...secondaryFaults(config),
    ...chaosFaults(config, env),
    ...partitionFaults(config),

    ...unknownVariables(env),
  );
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}

function isOfRedis({ variable }: Fault): boolean {
  return variable.startsWith('STILE_REDIS_URL');
}

function readVariable(variable: Variable, env: NodeJS.ProcessEnv, faults: Fault[]): unknown {
  const given = givenText(variable, env);
  if ('fault' in given) {
    faults.push(given.fault);
    return undefined;
  }
  const text = given.text ?? variable.default;
  if (text === undefined) return undefined;
  try {
    return variable.parse(text);
  } catch (error) {
    if (!(error instanceof BadValue)) throw error;
    faults.push({ ...given.from, problem: error.message });
    return undefined;
  }
}

/** The environment of a child process: that of this one with some variables set, or unset by `undefined`. */
export function inheritedEnv(overrides: Partial<Record<VariableName, string | undefined>> = {}): NodeJS.ProcessEnv {
  return { ...process.env, ...overrides };
}
