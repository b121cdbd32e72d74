import {
  APPEARANCE_NUMBERS,
  BINS,
  COLOURS,
} from '../../../../../src/kinds/technique/analysis/tracking/describe-appearance.ts';

/** Looks whose upper body and thighs are in equal shares of the given colour bins, of medium brightness. */
export function looks(...colours: number[]): number[] {
  const numbers = new Array<number>(APPEARANCE_NUMBERS).fill(0);
  for (let part = 0; part < APPEARANCE_NUMBERS; part += BINS) {
    for (const colour of colours) numbers[part + colour] = 1 / colours.length;
    numbers[part + COLOURS + 2] = 1;
  }
  return numbers;
}
