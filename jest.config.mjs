import { availableParallelism } from 'node:os';
import { secondsFile } from './stack/tests/seconds.mjs';

/**
 * Two projects, so that pure rooms are tested without waiting for servers: a project's global set-up runs only
 * when one of its tests does.
 */
const shared = {
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  testEnvironment: process.env.DOUBLETAKE_TEST_CPU ? '<rootDir>/test/support/cpu-environment.mjs' : 'node',
};

/** Globs without `<rootDir>`, which Jest puts in neither after a `!` nor into `testRegex`. */
const pure = [
  '**/test/domain/**/*.test.ts',
  '**/test/kinds/*/{analysis,answers,geometry,language}/**/*.test.ts',
  '**/test/kinds/mri/volume/**/*.test.ts',
  '**/test/kinds/scan/{child,stages,unpack}/**/*.test.ts',
  '**/test/kinds/camera/live/**/*.test.ts',
  '**/test/kinds/mri/child/**/*.test.ts',
  '**/test/kinds/scan/labelled.test.ts',
  '**/test/kinds/camera/{api,events}/pure/**/*.test.ts',
  '**/test/scripts/**/*.test.ts',
  '**/test/chaos/{schedule,victim}.test.ts',
  '**/test/fuzz/**/*.test.ts',
  '**/test/config.test.ts',
  '**/test/licences.test.ts',
];

const { DOUBLETAKE_TEST_COUNTS: counts } = process.env;

export default {
  // One more than there are cores, since tests that kill and restart servers spend most of their time waiting; but no
  // more than the memory and the connections of one set of servers are enough for.
  maxWorkers: Math.min(8, availableParallelism() + 1),
  testSequencer: '<rootDir>/test/support/longest-first.cjs',
  reporters: [
    'default',
    ['<rootDir>/test/support/seconds-reporter.mjs', { file: secondsFile }],
    ...(counts ? [['<rootDir>/test/support/counts-reporter.mjs', { file: counts }]] : []),
  ],
  // A machine may have two cores and much to do: what takes 15 s on a quiet one took 70 s beside three other runs.
  testTimeout: 120_000,
  projects: [
    { ...shared, displayName: 'pure', testMatch: pure },
    {
      ...shared,
      displayName: 'servers',
      testMatch: ['<rootDir>/test/**/*.test.ts', ...pure.map((glob) => `!${glob}`)],
      globalSetup: '<rootDir>/test/support/global-setup.ts',
      globalTeardown: '<rootDir>/test/support/global-teardown.ts',
    },
  ],
};
