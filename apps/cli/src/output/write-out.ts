import { writeFileSync } from 'node:fs';
import { EXIT } from '../exit-codes';
import { PlainError } from '../plain-error';
import type { Output } from './output';

/** A document in a format of its own, to a file or to stdout. */
export function writeOut(text: string, file: string | undefined, out: Output): void {
  if (file === undefined) {
    process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
    return;
  }
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new PlainError(`"${file}" cannot be written: ${(error as Error).message}`, EXIT.usage);
  }
  if (out.json) out.result({ file }, () => '');
  else out.note(`written to ${file}`);
}
