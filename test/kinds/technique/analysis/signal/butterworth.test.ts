import { expect, test } from '@jest/globals';
import { lowPass, zeroPhase } from '../../../../../src/kinds/technique/analysis/signal/butterworth.ts';

const RATE = 120;
const wave = (hz: number, n = 1200) =>
  Float64Array.from({ length: n }, (_, i) => Math.sin((2 * Math.PI * hz * i) / RATE));

/** Amplitude and phase shift of a sine after the filter, by projection, away from the ends. */
function response(hz: number, cutoff: number): { gain: number; shift: number } {
  const filtered = zeroPhase(wave(hz), cutoff / RATE);
  let [s, c] = [0, 0];
  for (let i = 240; i < 960; i++) {
    s += (filtered[i] as number) * Math.sin((2 * Math.PI * hz * i) / RATE);
    c += (filtered[i] as number) * Math.cos((2 * Math.PI * hz * i) / RATE);
  }
  return { gain: Math.hypot(s, c) / 360, shift: Math.atan2(c, s) };
}

test('a movement at the cut-off is down by 3 dB after both passes, as Winter corrects it', () => {
  for (const cutoff of [2, 6, 10, 20]) expect(response(cutoff, cutoff).gain).toBeCloseTo(Math.SQRT1_2, 3);
});

test('it falls like a fourth-order filter and shifts nothing in time', () => {
  expect(response(0.5, 6).gain).toBeCloseTo(1, 3);
  expect(response(1, 6).gain).toBeGreaterThan(0.995);
  expect(response(24, 6).gain).toBeLessThan(0.01);
  for (const hz of [0.5, 1, 6, 10]) expect(Math.abs(response(hz, 6).shift)).toBeLessThan(1e-6);
});

test('what stands still or moves evenly comes out as it went in, ends included', () => {
  const still = zeroPhase(new Float64Array(50).fill(3.5), 0.1);
  const even = zeroPhase(
    Float64Array.from({ length: 50 }, (_, i) => 7 - 2 * i),
    0.1,
  );
  for (let i = 0; i < 50; i++) {
    expect(still[i]).toBeCloseTo(3.5, 9);
    expect(even[i]).toBeCloseTo(7 - 2 * i, 3);
  }
});

test('the coefficients pass a constant unchanged', () => {
  const { b0, b1, b2, a1, a2 } = lowPass(0.2);
  expect((b0 + b1 + b2) / (1 + a1 + a2)).toBeCloseTo(1, 12);
});

test('a cut-off at or above the Nyquist frequency is refused', () => {
  expect(() => lowPass(0.5)).toThrow(RangeError);
  expect(() => lowPass(0)).toThrow(RangeError);
});
