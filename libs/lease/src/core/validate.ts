import type { AcquireOptions, StepRef } from './lease-store';

const MAX_ID_LENGTH = 256;
const MAX_TTL_MS = 86_400_000;
/** Greatest fence token that may be handed out: 2^53 - 1. */
export const MAX_FENCE = Number.MAX_SAFE_INTEGER;

/** @throws TypeError, RangeError unless `id` is a string of 1..256 characters */
export function checkId(id: unknown): void {
  checkText('id', id);
  if ((id as string).length > MAX_ID_LENGTH) {
    throw new RangeError(`id has ${(id as string).length} characters; give at most ${MAX_ID_LENGTH}`);
  }
}

/** @throws TypeError, RangeError unless both numbers are integers ≥ 0; `name` is what the message calls the step */
export function checkStep(at: StepRef, name = 'step'): void {
  if (typeof at !== 'object' || at === null) {
    throw new TypeError(`${name} is ${show(at)}; give { steps, retries }`);
  }
  checkInteger(`${name}.steps`, at.steps, 0, Number.MAX_SAFE_INTEGER);
  checkInteger(`${name}.retries`, at.retries, 0, Number.MAX_SAFE_INTEGER);
}

/** @throws TypeError, RangeError unless `fence` is an integer of 1..2^53 - 1 */
export function checkFence(fence: unknown): void {
  checkInteger('fence', fence, 1, MAX_FENCE);
}

/** @throws TypeError, RangeError unless `ttlMs` is an integer of 1..86,400,000 (one day) */
export function checkTtl(ttlMs: unknown): void {
  checkInteger('ttlMs', ttlMs, 1, MAX_TTL_MS);
}

/** @throws TypeError, RangeError naming the option that cannot be used */
export function checkAcquire(options: AcquireOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`options is ${show(options)}; give { nonce, ttlMs }`);
  }
  checkText('nonce', options.nonce);
  checkTtl(options.ttlMs);
  if (options.floor !== undefined) checkInteger('floor', options.floor, 0, MAX_FENCE - 1);
  if (options.jump !== undefined && typeof options.jump !== 'boolean') {
    throw new TypeError(`jump is ${show(options.jump)}; give true or false`);
  }
}

function checkText(field: string, value: unknown): void {
  if (typeof value !== 'string') throw new TypeError(`${field} is ${show(value)}; give a string`);
  if (value === '') throw new RangeError(`${field} is ""; give at least one character`);
}

function checkInteger(field: string, value: unknown, min: number, max: number): void {
  if (typeof value !== 'number') throw new TypeError(`${field} is ${show(value)}; give an integer ≥ ${min}`);
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    throw new RangeError(`${field} is ${value}; give an integer from ${min} to ${max}`);
  }
}

function show(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : `a ${typeof value}`;
}
