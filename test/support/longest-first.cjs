const { default: TestSequencer } = require('@jest/test-sequencer');

/**
 * What takes longest, the first time too, when Jest does not know it yet and goes by the size of files: a long file
 * that begins last is waited for while the other processor has nothing to do.
 */
const longest = [
  'test/faults/',
  'test/stack/start',
  'test/workflows/',
  'test/kinds/measurement/analysis/',
  'test/e2e/',
  'test/cli/',
];

module.exports = class LongestFirst extends TestSequencer {
  /**
   * @override
   * @param {import('@jest/test-result').Test[]} tests
   * @returns {import('@jest/test-result').Test[]}
   */
  sort(tests) {
    const known = /** @type {import('@jest/test-result').Test[]} */ (super.sort(tests));
    // Those that failed last time stay in front.
    if (known.every(({ duration }) => duration !== undefined)) return known;
    const place = (/** @type {string} */ path) => {
      const found = longest.findIndex((part) => path.includes(part));
      return found === -1 ? longest.length : found;
    };
    return known.toSorted((a, b) => place(a.path) - place(b.path));
  }
};
