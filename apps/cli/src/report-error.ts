import { StileApiError, StileConnectionError } from '@stile/client';
import { ConfigError } from '@stile/config';
import { LocalRedisError } from '@stile/local-redis';
import { CommanderError } from 'commander';
import { EXIT } from './exit-codes';
import { oneLine } from './output/clean';
import { PlainError } from './plain-error';

/** An error as it is told. */
export interface Told {
  readonly exitCode: number;
  /** Stable. */
  readonly code: string;
  /** What is wrong, and what to type. */
  readonly detail: string;
  readonly errors?: readonly { readonly field: string; readonly problem: string }[];
}

/** Codes whose HTTP status would say something else. */
const BY_CODE: Readonly<Record<string, number>> = {
  UNKNOWN_MACHINE: EXIT.notFound,
  UNKNOWN_VERSION: EXIT.notFound,
  MALFORMED_REQUEST: EXIT.usage,
  UNEXPECTED_ANSWER: EXIT.unavailable,
  INTERNAL: EXIT.failed,
};

const WAYS_OUT: Readonly<Record<string, string>> = {
  UNAUTHENTICATED: 'export STILE_API_KEY=stile_…, as "stile keys create" gave it',
  MACHINE_NOT_FOUND: '"stile list" shows those there are',
  DEFINITION_NOT_FOUND: '"stile definitions" shows those there are',
  OPERATION_NOT_FOUND: '"stile operations" shows those there are',
  STEERING_REFUSED: '"stile explain <id>" says how it stands',
  STORE_UNAVAILABLE: '"stile doctor" looks at the store',
  MACHINE_QUARANTINED: '"stile doctor" tells of its record',
};

/** @returns nothing for what only a programmer can mend: that is told with its stack */
export function tell(error: unknown): Told | undefined {
  if (error instanceof CommanderError) return tellUsage(error);
  if (error instanceof StileApiError) return tellRefusal(error);
  if (error instanceof StileConnectionError) {
    const way = 'start one with "stile up", or name another with --api or STILE_API_URL';
    return { exitCode: EXIT.unavailable, code: error.code, detail: `no API answers at ${error.message}; ${way}` };
  }
  if (error instanceof PlainError) return { exitCode: error.exitCode, code: 'FAILED', detail: error.message };
  if (error instanceof ConfigError) return { exitCode: EXIT.usage, code: error.code, detail: error.message };
  if (error instanceof LocalRedisError) return { exitCode: EXIT.failed, code: 'FAILED', detail: error.message };
  return undefined;
}

/** Prints it to stderr. @returns the exit code */
export function reportError(error: unknown, json: boolean): number {
  const told = tell(error);
  if (told?.exitCode === EXIT.ok) return EXIT.ok; // help or version, which was printed
  if (json) {
    const { exitCode, ...rest } = told ?? { exitCode: EXIT.failed, code: 'INTERNAL', detail: String(error) };
    process.stderr.write(`${JSON.stringify({ error: rest })}\n`);
    return exitCode;
  }
  if (!told) console.error(error);
  else if (told.detail !== '') console.error(`stile: ${told.detail}`);
  return told?.exitCode ?? EXIT.failed;
}

function tellUsage({ code, exitCode, message }: CommanderError): Told {
  if (exitCode === 0) return { exitCode: EXIT.ok, code, detail: '' };
  const isHelp = code === 'commander.help'; // it was printed, since no command was given
  const detail = isHelp
    ? ''
    : `${oneLine(message).replace(/^error: /, '')}; "stile help" shows all commands, --help after one its options`;
  return { exitCode: EXIT.usage, code: 'USAGE', detail };
}

function tellRefusal({ status, code, detail, errors }: StileApiError): Told {
  const exitCode = BY_CODE[code] ?? exitCodeOf(status);
  const fields = errors.map(({ field, problem }) => `${field || 'the body'} ${problem}`).join('; ');
  const way = WAYS_OUT[code];
  const told = [fields || detail, way].filter(Boolean).join('; ');
  return { exitCode, code, detail: oneLine(told), ...(errors.length > 0 ? { errors } : {}) };
}

function exitCodeOf(status: number): number {
  if (status === 404 || status === 410) return EXIT.notFound;
  if ([401, 403, 409, 412, 428, 429].includes(status)) return EXIT.refused;
  if (status >= 502) return EXIT.unavailable;
  return status >= 500 ? EXIT.failed : EXIT.usage;
}
