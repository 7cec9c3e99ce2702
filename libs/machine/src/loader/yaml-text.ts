import { readFileSync, statSync } from 'node:fs';

/** Largest definition file. */
export const FILE_LIMIT_BYTES = 256 * 1024;

export type YamlText =
  { readonly text: string } | { readonly rule: 'unreadable' | 'too-large' | 'bad-encoding'; readonly reason: string };

/** The text of a file; or why there is none. Never throws. */
export function readYamlText(path: string): YamlText {
  let bytes: Buffer;
  try {
    const stats = statSync(path); // first: opening a pipe would wait for its writer
    if (!stats.isFile())
      return {
        rule: 'unreadable',
        reason: stats.isDirectory() ? 'is a folder; name its files' : 'is no regular file',
      };
    if (stats.size > FILE_LIMIT_BYTES) return tooLarge(stats.size);
    bytes = readFileSync(path);
  } catch (error) {
    return { rule: 'unreadable', reason: describe(error) };
  }
  if (bytes.length > FILE_LIMIT_BYTES) return tooLarge(bytes.length);
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { rule: 'bad-encoding', reason: 'is not UTF-8 text; save it as UTF-8' };
  }
}

/** Nothing when the text is small enough. */
export function checkSize(text: string): YamlText {
  const bytes = Buffer.byteLength(text);
  return bytes > FILE_LIMIT_BYTES ? tooLarge(bytes) : { text };
}

function tooLarge(bytes: number): YamlText {
  const reason = `has ${bytes} bytes, more than the ${FILE_LIMIT_BYTES} allowed; split it and import the parts`;
  return { rule: 'too-large', reason };
}

function describe(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
  if (code === 'EACCES') return 'may not be read: permission denied';
  return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
}
