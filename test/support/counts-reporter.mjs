import { writeFileSync } from 'node:fs';

/** Tells `stack/test.mjs` how many tests there were; a file that could not even be run counts as one that failed. */
export default class CountsReporter {
  /**
   * @param {unknown} _config
   * @param {{file: string}} options
   */
  constructor(_config, { file }) {
    this.file = file;
  }

  /**
   * @param {unknown} _tests
   * @param {import('@jest/test-result').AggregatedResult} results
   */
  onRunComplete(_tests, results) {
    const counts = {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    writeFileSync(this.file, JSON.stringify(counts));
  }
}
