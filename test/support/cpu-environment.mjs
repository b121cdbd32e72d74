import { appendFileSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { TestEnvironment } from 'jest-environment-node';

/** Linux counts processor time in hundredths of a second. */
const TICKS = 100;

/**
 * Writes the processor time of each test file, and of what it started and waited for, as lines `seconds path` to the
 * file that `DOUBLETAKE_TEST_CPU` names: on a machine with much else to do it tells more than the time that passed.
 */
export default class CpuEnvironment extends TestEnvironment {
  /**
   * @param {import('@jest/environment').JestEnvironmentConfig} config
   * @param {import('@jest/environment').EnvironmentContext} context
   */
  constructor(config, context) {
    super(config, context);
    this.path = relative(config.globalConfig.rootDir, context.testPath);
    this.before = ticks();
  }

  /** @override */
  async teardown() {
    await super.teardown();
    const seconds = (ticks() - this.before) / TICKS;
    appendFileSync(process.env.DOUBLETAKE_TEST_CPU ?? '/dev/stderr', `${seconds} ${this.path}\n`);
  }
}

/** Of this process and of the children that it has waited for, in user and in kernel mode. */
function ticks() {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, one) => sum + Number(one), 0);
}
