import { spawn } from 'node:child_process';
import { expect, jest, test } from '@jest/globals';
import { type ProcessorTime, processorTime } from '../../src/media/child/processor-time.ts';
import { watchSilence } from '../../src/media/child/silence.ts';

const limits = { stallSeconds: 60, silentSeconds: 600 };

/** Looks four times a second for so many seconds of a clock of the test's own. */
function after(
  seconds: number,
  read: (at: number) => (Omit<ProcessorTime, 'stopped'> & { stopped?: boolean }) | undefined,
  { every = 0.25, speaksEvery = Number.POSITIVE_INFINITY } = {},
) {
  jest.useFakeTimers();
  try {
    let at = 0;
    let spoke = 0;
    const silence = watchSilence(limits, () => {
      const time = read(at);
      return time && { stopped: false, ...time };
    });
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

test('who neither works nor waits for a core is blocked, and the machine is not to blame', () => {
  const blocked = { how: 'stalled', at: 180, detail: 180 };
  expect(after(1000, () => ({ used: 0, waited: 0 }))).toMatchObject(blocked);
  expect(after(1000, (at) => ({ used: Math.min(at, 10), waited: 0 }))).toMatchObject({ ...blocked, at: 190 });
  // Busy at first, and then it has its core and does not want it.
  const waitedAtFirst = (at: number) => ({ used: 0, waited: Math.min(at, 100) });
  expect(after(1000, waitedAtFirst)).toMatchObject({ ...blocked, at: 280 });
  // Its threads wait one for another, and each now and then for a core.
  expect(after(1000, (at) => ({ used: at / 20, waited: at / 20 }))).toMatchObject({ ...blocked, at: 200 });
});

test('who was stopped is not to blame, and is not blocked when it goes on', () => {
  const none = { used: 0, waited: 0 };
  expect(after(1000, () => ({ ...none, stopped: true }))).toMatchObject({ how: 'starved', at: 600 });
  expect(after(500, (at) => ({ ...none, stopped: at <= 400 }))).toBe('alive');
  expect(after(1000, (at) => ({ ...none, stopped: at <= 400 }))).toMatchObject({ how: 'stalled', at: 580 });
});

test('where the kernel keeps no account of waiting, nobody can say that the machine was busy', () => {
  expect(after(1000, () => ({ used: 0 }))).toMatchObject({ how: 'stalled', at: 600, detail: 600 });
  expect(after(1000, () => ({ used: 0, stopped: true }))).toMatchObject({ how: 'starved', at: 600 });
});

test('the system tells of a process what it used, what it waited, and whether it is stopped', async () => {
  const child = spawn('sleep', ['600']);
  try {
    const { pid } = child as { pid: number };
    expect(processorTime(pid)).toMatchObject({ stopped: false });
    expect(processorTime(pid)?.used).toBeGreaterThanOrEqual(0);
    expect(processorTime(pid)?.waited).toBeGreaterThanOrEqual(0);
    process.kill(pid, 'SIGSTOP');
    while (!processorTime(pid)?.stopped) await new Promise((resolve) => setTimeout(resolve, 10));
  } finally {
    child.kill('SIGKILL');
  }
});

test('time in which nobody looked is not silence', () => {
  expect(after(1700, () => ({ used: 0, waited: 0 }), { every: 10 })).toBe('alive');
});
