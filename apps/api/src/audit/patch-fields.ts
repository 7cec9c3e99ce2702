const MAX_FIELDS = 50;
const MAX_NAME = 100;

/** The names of what a merge patch changes, as paths such as `address.city`, without any value: the first 50, and how many more. */
export function fieldsOfPatch(patch: unknown): string[] {
  const found: string[] = [];
  let more = 0;
  const walk = (value: unknown, path: string): void => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0) {
      for (const [name, inner] of Object.entries(value)) walk(inner, path === '' ? name : `${path}.${name}`);
    } else if (path !== '') {
      if (found.length < MAX_FIELDS) found.push(path.length > MAX_NAME ? `${path.slice(0, MAX_NAME)}…` : path);
      else more++;
    }
  };
  try {
    walk(patch, '');
  } catch {
    return ['nested too deeply']; // the route refuses it
  }
  return more === 0 ? found : [...found, `and ${more} more`];
}
