// swc compiles TypeScript and Nest's ES modules alike; @stile/* resolves to sources, so tests never see a stale build
// (tests that start real processes use dist, which `npm test` has just built).
const base = {
  rootDir: __dirname,
  testEnvironment: 'node',
  transform: {
    '^.+\\.[cm]?[jt]s$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2022',
          keepClassNames: true,
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!(@nestjs|jose|openid-client|oauth4webapi)/)'],
  modulePathIgnorePatterns: ['<rootDir>/(libs|apps|test)/[^/]+/dist/', '<rootDir>/examples/(.*/)?dist/'],
  moduleNameMapper: {
    '^@stile/(config|lease|machine|formats|client|local-redis|local-postgres)$': '<rootDir>/libs/$1/src',
    '^@stile/machine/testing$': '<rootDir>/libs/machine/src/testing',
  },
  setupFiles: ['reflect-metadata'],
};

module.exports = {
  maxWorkers: 2,
  testTimeout: 60_000,
  projects: [
    { ...base, displayName: 'unit', testMatch: ['<rootDir>/{libs,apps,examples,test/chaos}/**/*.spec.ts'] },
    {
      ...base,
      displayName: 'integration',
      testMatch: ['<rootDir>/test/{integration,e2e}/**/*.test.ts', '<rootDir>/test/chaos/*.test.ts'],
      globalSetup: '<rootDir>/test/support/global-setup.ts',
      globalTeardown: '<rootDir>/test/support/global-teardown.ts',
    },
  ],
};
