import { ContextError, ContextTooLargeError, ResultError } from './errors';
import { EventTooLargeError } from './limit-errors';

/** Largest context, in bytes of JSON. */
export const CONTEXT_LIMIT_BYTES = 256 * 1024;
/** Deeper than this is a cycle, or as good as one. */
const MAX_DEPTH = 200;

/**
 * The JSON text of a context, having made sure that it is JSON: what is read back is what was there.
 *
 * Refused: BigInt, functions, symbols, Date, Map and other class instances, NaN and infinities, `undefined` in arrays, cycles,
 * nesting deeper than 200. An `undefined` property is left out, as JSON does. No path is written before a fault is found: this
 * runs once a step.
 *
 * @throws ContextError naming the path, ContextTooLargeError
 */
export function toJson(context: unknown, limitBytes = CONTEXT_LIMIT_BYTES): string {
  if (typeof context !== 'object' || context === null || Array.isArray(context)) {
    throw new ContextError('$', 'is not an object; a context is a JSON object');
  }
  const fault = findFault(context, 0);
  if (fault) throw new ContextError(`$${fault.path}`, fault.problem);
  const text = JSON.stringify(context);
  // A UTF-16 unit takes 1 to 3 bytes: most contexts need no counting.
  if (text.length * 3 > limitBytes) {
    const bytes = Buffer.byteLength(text);
    if (bytes > limitBytes) throw new ContextTooLargeError(bytes, limitBytes);
  }
  return text;
}

/** Largest datum of an event, and largest message, in bytes of JSON. */
export const EVENT_LIMIT_BYTES = 256 * 1024;
/** Largest result of `step.once`, and largest heartbeat. */
export const RESULT_LIMIT_BYTES = 64 * 1024;

/**
 * The JSON text of any value; `undefined` is null.
 *
 * @param what begins the message of the error
 * @throws ResultError
 */
export function jsonText(value: unknown, what: string, limitBytes: number): string {
  const fault = value === undefined ? undefined : findFault(value, 0);
  if (fault) throw new ResultError(`${what} at $${fault.path} ${fault.problem}`);
  const text = JSON.stringify(value ?? null);
  const bytes = Buffer.byteLength(text);
  if (bytes <= limitBytes) return text;
  throw new ResultError(
    `${what} has ${bytes} bytes of JSON, more than the ${limitBytes} allowed; keep it elsewhere and its key here`,
  );
}

/**
 * As `jsonText`, for what is delivered to a machine.
 *
 * @throws ResultError where it is not JSON, EventTooLargeError
 */
export function eventText(value: unknown, what: string, limitBytes = EVENT_LIMIT_BYTES): string {
  const text = jsonText(value, what, Infinity);
  const bytes = Buffer.byteLength(text);
  if (bytes > limitBytes) throw new EventTooLargeError(what, bytes, limitBytes);
  return text;
}

interface Fault {
  path: string;
  readonly problem: string;
}

function findFault(value: unknown, depth: number): Fault | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined;
    case 'number':
      return Number.isFinite(value) ? undefined : { path: '', problem: `is ${value}, which JSON cannot hold` };
    case 'object':
      return value === null ? undefined : findFaultInside(value, depth);
    case 'bigint':
      return { path: '', problem: 'is a BigInt, which JSON cannot hold; store it as a string' };
    default:
      return {
        path: '',
        problem: `is ${typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`}, which JSON cannot hold`,
      };
  }
}

function findFaultInside(value: object, depth: number): Fault | undefined {
  if (depth > MAX_DEPTH) return { path: '', problem: `is nested deeper than ${MAX_DEPTH} levels; is it a cycle?` };
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const fault = findFault(value[i], depth + 1);
      if (fault) return within(fault, `[${i}]`);
    }
    return undefined;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    const name = (prototype as { constructor?: { name?: string } }).constructor?.name ?? 'unknown class';
    return { path: '', problem: `is a ${name}, not plain JSON data${name === 'Date' ? '; store toISOString()' : ''}` };
  }
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') {
    return { path: '', problem: 'has a toJSON method, so what is stored would not be what is there' };
  }
  for (const key of Object.keys(value)) {
    const item = (value as Record<string, unknown>)[key];
    if (item === undefined) continue;
    const fault = findFault(item, depth + 1);
    if (fault) return within(fault, /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`);
  }
  return undefined;
}

function within(fault: Fault, step: string): Fault {
  const path = step + fault.path;
  fault.path = path.length > 300 ? `${path.slice(0, 300)}…` : path;
  return fault;
}
