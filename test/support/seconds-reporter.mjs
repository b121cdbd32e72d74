import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';

/** Keeps how long each test file took, for `npm run test:fast` to choose by. */
export default class SecondsReporter {
  /**
   * @param {import('@jest/types').Config.GlobalConfig} config
   * @param {{file: string}} options
   */
  constructor({ rootDir }, { file }) {
    this.root = rootDir;
    this.file = file;
  }

  /**
   * @param {unknown} _tests
   * @param {import('@jest/test-result').AggregatedResult} results
   */
  onRunComplete(_tests, { testResults }) {
    const seconds = existsSync(this.file) ? JSON.parse(readFileSync(this.file, 'utf8')) : {};
    for (const { testFilePath, perfStats } of testResults) {
      if (perfStats.runtime > 0) seconds[relative(this.root, testFilePath)] = perfStats.runtime / 1000;
    }
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(this.file, JSON.stringify(seconds));
  }
}
