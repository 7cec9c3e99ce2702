import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Loose } from './kustomize';
import { ROOT } from './programs';

export interface Service {
  readonly command: string | readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly [field: string]: Loose;
}

/** deploy/compose.yaml, its anchors resolved. */
export function compose(): { readonly services: Readonly<Record<string, Service>>; readonly [field: string]: Loose } {
  return parse(readFileSync(join(ROOT, 'deploy', 'compose.yaml'), 'utf8'), { merge: true });
}

/** The words of a command that is one text, as a shell would take them. */
export function wordsOf(command: string | readonly string[]): readonly string[] {
  if (typeof command !== 'string') return command;
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}
