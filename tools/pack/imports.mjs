import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, relative, sep } from 'node:path';
import ts from 'typescript';

const CODE = /\.(js|cjs|mjs|d\.ts)$/;
const ELSEWHERE = new Set(['node_modules', 'src']);

/**
 * Packages that compiled code and its types import, each with a file that does; without Node's own. What a package requires by a
 * name that is computed is not seen.
 */
export function packagesUsedIn(folder) {
  const used = new Map();
  for (const file of filesIn(folder)) {
    const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'), true, true);
    for (const { fileName } of importedFiles) {
      const name = packageOf(fileName);
      if (name !== undefined && !used.has(name)) used.set(name, relative(folder, file));
    }
  }
  return used;
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && CODE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !relative(folder, file).split(sep).some((part) => ELSEWHERE.has(part)))
    .sort();
}

/** `@nestjs/core` of `@nestjs/core/injector/module.js`. */
function packageOf(specifier) {
  if (/^(\.|\/|node:)/.test(specifier) || builtinModules.includes(specifier)) return undefined;
  return specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}
