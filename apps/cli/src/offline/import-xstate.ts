import { readFileSync } from 'node:fs';
import { EXIT } from '../exit-codes';
import { PlainError } from '../plain-error';

export interface Imported {
  readonly yaml: string;
  /** What was left out, or means something else here. */
  readonly notes: readonly string[];
}

/** @param source name of a file, `-` for standard input. @throws PlainError telling all that stands in the way */
export async function importXState(source: string): Promise<Imported> {
  const { FormatError, fromXState } = await import('@stile/formats');
  try {
    return fromXState(parse(source, read(source)));
  } catch (error) {
    if (error instanceof FormatError) throw new PlainError(error.message, EXIT.usage);
    throw error;
  }
}

function read(source: string): string {
  try {
    return readFileSync(source === '-' ? 0 : source, 'utf8');
  } catch (error) {
    throw new PlainError(`"${source}" cannot be read: ${(error as Error).message}`, EXIT.notFound);
  }
}

function parse(source: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new PlainError(`"${source}" is not JSON: ${(error as Error).message}`, EXIT.usage);
  }
}
