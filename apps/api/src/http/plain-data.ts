const RESERVED = '__proto__';

/** Where a key named `__proto__` is, as a path; code that merges such data would change the prototype of everything. */
export function findReservedKey(root: unknown, path: string): string | undefined {
  const open: { value: unknown; path: string }[] = [{ value: root, path }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, path } = next;
    if (typeof value !== 'object' || value === null) continue;
    for (const key of Object.keys(value)) {
      const item = (value as Record<string, unknown>)[key];
      if (key === RESERVED) return `${path}.${key}`;
      if (typeof item === 'object' && item !== null) {
        open.push({ value: item, path: Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}` });
      }
    }
  }
  return undefined;
}
