/** @throws TypeError, RangeError unless `value` is a string of 1..max characters without NUL (PostgreSQL stores none) */
export function checkText(field: string, value: unknown, max = 1024): void {
  if (typeof value !== 'string') throw new TypeError(`${field} is ${show(value)}; give a string`);
  if (value === '' || value.length > max) {
    throw new RangeError(`${field} has ${value.length} characters; give 1 to ${max}`);
  }
  if (value.includes('\0')) throw new RangeError(`${field} has a NUL character; leave it out`);
}

/** @throws TypeError, RangeError unless `value` is an integer of min..max */
export function checkInteger(field: string, value: unknown, min: number, max: number = Number.MAX_SAFE_INTEGER): void {
  if (typeof value !== 'number') throw new TypeError(`${field} is ${show(value)}; give an integer from ${min} to ${max}`);
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    throw new RangeError(`${field} is ${value}; give an integer from ${min} to ${max}`);
  }
}

export function show(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  return typeof value === 'number' ? String(value) : `a ${typeof value}`;
}
