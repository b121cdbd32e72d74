import { expect, jest, test } from '@jest/globals';
import type { ProcessorTime } from '../../src/media/child/processor-time.ts';
import { watchSilence } from '../../src/media/child/silence.ts';

const limits = { stallSeconds: 60, silentSeconds: 600 };

/** Looks four times a second for so many seconds of a clock of the test's own. */
function after(
  seconds: number,
  read: (at: number) => ProcessorTime | undefined,
  { every = 0.25, speaksEvery = Number.POSITIVE_INFINITY } = {},
) {
  jest.useFakeTimers();
  try {
    let at = 0;
    let spoke = 0;
    const silence = watchSilence(limits, () => read(at));
    while (at < seconds) {
      at += every;
      jest.advanceTimersByTime(every * 1000);
      if (at - spoke >= speaksEvery) {
        spoke = at;
        silence.heard();
      }
      const lost = silence.lost();
      if (lost) return { at, ...lost };
    }
    return 'alive';
  } finally {
    jest.useRealTimers();
  }
}

test('an endless loop ends with its processor time, on one core or on several', () => {
  expect(after(1000, (at) => ({ used: at, waited: 0 }))).toMatchObject({ how: 'stalled', at: 60 });
  // Eight threads of a picture's decoder are no sign that it hangs.
  expect(after(59, (at) => ({ used: 8 * at, waited: 0 }))).toBe('alive');
});

test('on a busy machine the same loop has so much longer', () => {
  const tenth = (at: number) => ({ used: at / 5, waited: at });
  expect(after(1000, tenth)).toMatchObject({ how: 'stalled', at: 300 });
  const hundredth = (at: number) => ({ used: at / 100, waited: at });
  expect(after(1000, hundredth)).toMatchObject({ how: 'starved', at: 600, detail: 600 });
});

test('who says something in time is never lost', () => {
  expect(after(5000, (at) => ({ used: at, waited: 0 }), { speaksEvery: 30 })).toBe('alive');
});

test('where the system tells no processor time, the clock has ten times the patience', () => {
  expect(after(1000, () => undefined)).toEqual({ how: 'stalled', at: 600, detail: 600 });
});

test('time in which nobody looked is not silence', () => {
  expect(after(3000, () => ({ used: 0, waited: 0 }), { every: 10 })).toBe('alive');
});
