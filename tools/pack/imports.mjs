import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, relative, sep } from 'node:path';
import ts from 'typescript';

const CODE = /\.(js|cjs|mjs|d\.ts)$/;
const ELSEWHERE = new Set(['node_modules', 'src']);

/**
 * Packages that compiled code and its types import, each with a file that does; without Node's own. Names that are computed are not
 * seen.
 */
export function packagesUsedIn(folder) {
  const used = new Map();
  for (const file of filesIn(folder)) {
    for (const specifier of specifiersIn(file)) {
      const name = packageOf(specifier);
      if (name !== undefined && !used.has(name)) used.set(name, relative(folder, file));
    }
  }
  return used;
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && CODE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (file) =>
        !relative(folder, file)
          .split(sep)
          .some((part) => ELSEWHERE.has(part)),
    )
    .sort();
}

function specifiersIn(file) {
  const found = [];
  const visit = (node) => {
    const specifier = specifierOf(node);
    if (specifier && ts.isStringLiteralLike(specifier)) found.push(specifier.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest));
  return found;
}

/** Of `import … from`, `export … from`, `import()` in code and types, `require()`. A method that is called `require` is none. */
function specifierOf(node) {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isImportTypeNode(node)) return node.argument.literal;
  if (!ts.isCallExpression(node)) return undefined;
  const { expression, arguments: given } = node;
  const imports =
    expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(expression) && expression.text === 'require');
  return imports ? given[0] : undefined;
}

/** `@nestjs/core` of `@nestjs/core/injector/module.js`. */
function packageOf(specifier) {
  if (/^(\.|\/|node:)/.test(specifier) || builtinModules.includes(specifier)) return undefined;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
