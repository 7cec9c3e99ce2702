// Imports that never happen. Each rule keeps a part small enough to be understood, and replaced, alone.
// A rule set twice for one file replaces itself, so the banned packages of an area are put together here.

const DEEP = {
  regex: '^@stile/[^/]+/.',
  message: 'Import from the index of the library; what is inside stays inside.',
};
/** The test kit is for tests. */
const DEEP_IN_TESTS = { ...DEEP, regex: '^@stile/(?!machine/testing$)[^/]+/.' };
const PROCESS = {
  regex: '^(node:)?process$',
  message: 'Use the global `process`, which the rule for process.env watches.',
};
const APPS = {
  regex: '^@stile/(api|worker|cli|dashboard)$',
  message: 'Nobody imports an application; start it as a process.',
};
const BULL = {
  regex: '^(bullmq|@nestjs/bull|@bull-board/)',
  message: 'BullMQ is a detail of libs/machine/src/queue, and of the queue dashboard in apps/api.',
};
const OUTSIDE = {
  regex: '^[^.]',
  message: 'core is plain TypeScript: nothing from outside, not even from Node.',
};
const TECHNOLOGY = {
  regex: '^(ioredis|@nestjs/|bullmq)',
  message: 'engine speaks to the ports of core only.',
};
const LIBRARIES = {
  regex: '^(@stile/|node:)',
  message: 'The client runs in browsers too: fetch only.',
};
const MACHINE = { regex: '^@stile/machine', message: 'lease knows nothing about machines.' };

/** Files and the packages they may not import; a later entry replaces an earlier one. */
const AREAS = [
  { files: ['**/*.ts'], banned: [DEEP, PROCESS, APPS, BULL] },
  { files: ['libs/lease/**/*.ts'], banned: [DEEP, PROCESS, APPS, BULL, MACHINE] },
  { files: ['libs/client/**/*.ts'], banned: [DEEP, PROCESS, APPS, BULL, LIBRARIES] },
  { files: ['libs/machine/src/engine/**/*.ts'], banned: [DEEP, PROCESS, APPS, BULL, TECHNOLOGY] },
  { files: ['libs/*/src/core/**/*.ts'], banned: [OUTSIDE] },
  { files: ['libs/machine/src/queue/**/*.ts', 'apps/api/**/*.ts'], banned: [DEEP, PROCESS, APPS] },
  { files: ['test/**/*.ts'], banned: [DEEP_IN_TESTS, PROCESS, APPS] },
];

const CORES = ['libs/machine/src/core', 'libs/lease/src/core'];
const APP_FOLDERS = ['apps/api', 'apps/worker', 'apps/cli', 'apps/dashboard'];

/** The same for imports by path. */
const ZONES = [
  ...CORES.map((core) => ({
    target: core,
    from: '.',
    except: [core],
    message: 'core imports nothing outside core.',
  })),
  ...['redis', 'queue', 'nest', 'loader'].map((part) => ({
    target: 'libs/machine/src/engine',
    from: `libs/machine/src/${part}`,
    message: 'engine speaks to the ports of core only.',
  })),
  { target: 'libs/lease', from: 'libs/machine', message: MACHINE.message },
  { target: ['libs', 'examples'], from: 'apps', message: APPS.message },
  ...APP_FOLDERS.map((app) => ({
    target: app,
    from: 'apps',
    except: [app.slice('apps/'.length)],
    message: APPS.message,
  })),
];

const CLOCK = 'core has no clock and no randomness: take them as arguments.';
const CLOCKS = ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'performance', 'crypto', 'process'];

/** `require` is for a path that is known at run time only, such as a user's module. */
const IMPORTS = [
  {
    selector:
      'CallExpression[callee.name="require"][arguments.0.type="Literal"], TSImportEqualsDeclaration > TSExternalModuleReference',
    message: 'Use import.',
  },
];

/** A pattern that comes from a user may take for ever on a text that comes from one, too: all patterns stand in the code. */
const PATTERNS = [
  {
    selector:
      ':matches(NewExpression, CallExpression)[callee.name="RegExp"]:not([arguments.0.type="Literal"]), ' +
      'CallExpression[callee.property.name=/^(match|matchAll|search)$/][arguments.0.type="TemplateLiteral"]',
    message: 'Write the pattern as a literal: one that is made at run time may come from a user.',
  },
];

const PURE = {
  'no-restricted-globals': ['error', ...CLOCKS.map((name) => ({ name, message: CLOCK }))],
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: CLOCK },
    { object: 'Math', property: 'random', message: CLOCK },
    { property: 'localeCompare', message: 'It depends on the locale of the machine; compare with < and >.' },
  ],
  'no-restricted-syntax': [
    'error',
    ...IMPORTS,
    ...PATTERNS,
    { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: CLOCK },
    { selector: 'CallExpression[callee.name="Date"]', message: CLOCK },
  ],
};

const ENV = { object: 'process', property: 'env', message: 'Only libs/config reads the environment.' };

/** @param tests files that may look anywhere, but not into the inside of another library by its name */
export function layout({ tests }) {
  return [
    { files: ['**/*.ts'], rules: { 'no-restricted-syntax': ['error', ...IMPORTS] } },
    {
      files: ['libs/**/*.ts', 'apps/**/*.ts'],
      ignores: tests,
      rules: { 'no-restricted-syntax': ['error', ...IMPORTS, ...PATTERNS] },
    },
    ...AREAS.map(({ files, banned }) => ({
      files,
      rules: { 'no-restricted-imports': ['error', { patterns: banned }] },
    })),
    {
      files: ['libs/**/*.ts', 'apps/**/*.ts', 'examples/**/*.ts'],
      ignores: ['libs/config/src/**'],
      rules: { 'no-restricted-properties': ['error', ENV] },
    },
    {
      files: ['libs/**/*.ts', 'apps/**/*.ts', 'examples/**/*.ts'],
      ignores: tests,
      rules: { 'import-x/no-restricted-paths': ['error', { zones: ZONES }] },
    },
    {
      files: CORES.map((core) => `${core}/**/*.ts`),
      ignores: [...tests, 'libs/lease/src/core/clock.ts'],
      rules: PURE,
    },
    {
      files: tests,
      ignores: ['test/**'],
      rules: { 'no-restricted-imports': ['error', { patterns: [DEEP_IN_TESTS, APPS] }] },
    },
  ];
}
