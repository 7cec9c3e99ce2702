import type { Json } from '../api/types';

export type Read<T> = { readonly value: T } | { readonly problem: string };

/** JSON that somebody typed; nothing at all is `undefined`. */
export function readJson(text: string): Read<Json | undefined> {
  if (text.trim() === '') return { value: undefined };
  try {
    return { value: JSON.parse(text) as Json };
  } catch (error) {
    return { problem: `is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Tags as lines of `key=value` or `key: value`. */
export function readTags(text: string): Read<Readonly<Record<string, string>>> {
  const tags: [string, string][] = [];
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line === '') continue;
    const match = /^([^=:]+)[=:](.*)$/.exec(line);
    if (!match) return { problem: `has the line "${line}"; write key=value` };
    tags.push([(match[1] ?? '').trim(), (match[2] ?? '').trim()]);
  }
  return { value: Object.fromEntries(tags) };
}
