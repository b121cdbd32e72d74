/**
 * Two projects, so that pure rooms are tested without waiting for servers: a project's global set-up runs only
 * when one of its tests does.
 */
const shared = {
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  testEnvironment: 'node',
};

// Unlike the other settings, `testRegex` does not replace `<rootDir>`, and would then match no file without a word.
const pure = [
  '<rootDir>/test/domain/',
  '<rootDir>/test/kinds/[a-z-]+/(?:analysis|answers|geometry)/',
  '<rootDir>/test/config.test.ts',
];

const { DOUBLETAKE_TEST_COUNTS: counts } = process.env;

export default {
  maxWorkers: 2,
  reporters: [
    'default',
    ...(counts ? [['<rootDir>/test/support/counts-reporter.mjs', { file: counts }]] : []),
  ],
  testTimeout: 60_000,
  projects: [
    {
      ...shared,
      displayName: 'pure',
      testRegex: pure
        .map((path) => (path.endsWith('/') ? `${path}.*\\.test\\.ts$` : path))
        .map((path) => path.replace('<rootDir>', import.meta.dirname)),
    },
    {
      ...shared,
      displayName: 'servers',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', ...pure],
      globalSetup: '<rootDir>/test/support/global-setup.ts',
      globalTeardown: '<rootDir>/test/support/global-teardown.ts',
    },
  ],
};
