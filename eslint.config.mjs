import js from '@eslint/js';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import { layout } from './tools/lint/layout.mjs';

const TESTS = ['test/**/*.ts', '**/*.spec.ts', 'libs/*/src/testing/**/*.ts'];
const error = (...options) => ['error', ...options];

/** On top of the recommended rules, for everything. */
const house = {
  eqeqeq: error('always'),
  'no-warning-comments': error({ terms: ['todo', 'fixme', 'xxx'] }),
  'max-lines': error({ max: 300, skipBlankLines: true, skipComments: true }),
  'max-lines-per-function': error({ max: 80, skipBlankLines: true, skipComments: true }),
};

const typed = {
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': error({ considerDefaultExhaustiveForUnions: true }),
  '@typescript-eslint/no-unused-vars': error({ argsIgnorePattern: '^_', caughtErrors: 'all' }),
  '@typescript-eslint/restrict-template-expressions': error({ allowNumber: true, allowBoolean: true }),
  // `import type` of an injected class would erase what Nest injects by.
  '@typescript-eslint/consistent-type-imports': 'off',
  // Its fixes change what generic calls infer, and then do not compile.
  '@typescript-eslint/no-unnecessary-type-assertion': 'off',
  // A port's method is async whether or not this implementation of it has to wait.
  '@typescript-eslint/require-await': 'off',
  // Only for what is known at run time alone: see `IMPORTS` in tools/lint/layout.mjs.
  '@typescript-eslint/no-require-imports': 'off',
  'import-x/no-cycle': error({ ignoreExternal: true }),
};

/** Tests talk to HTTP and to processes: what they read is checked by what they expect. */
const relaxed = {
  'max-lines': error({ max: 500, skipBlankLines: true, skipComments: true }),
  'max-lines-per-function': 'off',
  '@typescript-eslint/no-unsafe-assignment': 'off',
  '@typescript-eslint/no-unsafe-member-access': 'off',
  '@typescript-eslint/no-unsafe-argument': 'off',
  '@typescript-eslint/no-unsafe-call': 'off',
  '@typescript-eslint/no-unsafe-return': 'off',
  '@typescript-eslint/unbound-method': 'off',
  'no-restricted-properties': error(
    ...['describe', 'it', 'test'].flatMap((object) => [
      { object, property: 'only', message: 'All tests run, always.' },
      { object, property: 'skip', message: 'Mend it or remove it.' },
    ]),
  ),
};

const nodeGlobals = Object.fromEntries(
  [
    'process',
    'console',
    'Buffer',
    'URL',
    'setTimeout',
    'clearTimeout',
    'setInterval',
    'clearInterval',
    'fetch',
    'AbortSignal',
  ].map((name) => [name, 'readonly']),
);

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.stile/**', 'coverage/**', '**/generated/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  { rules: house },
  {
    files: ['**/*.ts'],
    ignores: ['apps/dashboard/**'],
    extends: [tseslint.configs.recommendedTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: {
      parserOptions: { project: './test/tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    settings: {
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      'import-x/resolver-next': [createTypeScriptImportResolver({ project: './test/tsconfig.json' })],
    },
    rules: typed,
  },
  {
    files: ['apps/dashboard/**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: {
      parserOptions: { project: './apps/dashboard/tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    settings: {
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
      'import-x/resolver-next': [createTypeScriptImportResolver({ project: './apps/dashboard/tsconfig.json' })],
    },
    rules: typed,
  },
  ...layout({ tests: TESTS }),
  { files: TESTS, rules: relaxed },
  { files: ['**/*.mjs'], languageOptions: { globals: nodeGlobals } },
  {
    files: ['**/*.js', '**/*.cjs'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: { ...nodeGlobals, module: 'writable', require: 'readonly', __dirname: 'readonly' },
    },
  },
);
