import type { MeasuredObject, Quantity } from '../outcome.ts';

/** Values by hand, as answers name them. */
export interface ToldValues {
  width_mm?: number | undefined;
  height_mm?: number | undefined;
  area_mm2?: number | undefined;
  perimeter_mm?: number | undefined;
}

const TOLD = 'person: measured or read off by hand';
/** What is left of the machine's beside values that it does not go with would be of another thing. */
const DROPPED =
  'left out: what the machine measured does not go with the width and height that a person gave';
/** As a share: more than measuring by hand is off. */
const BY_HAND = 0.1;

/**
 * The object with what a person told of it, taken as it is; pixels stay those of the outline. An area or perimeter of the
 * machine's that does not go with it is left out. It is as sure as the least sure of the values that it has; not at all
 * while width or height is unknown.
 */
export function withTold(object: MeasuredObject, values: ToldValues): MeasuredObject {
  if (Object.values(values).every((value) => value === undefined)) return object;
  const told = (quantity: Quantity, value: number | undefined): Quantity =>
    value === undefined ? quantity : { ...quantity, value, confidence: 1, method: TOLD };
  const { solidity, orientation } = object;
  const width = told(object.width, values.width_mm);
  const height = told(object.height, values.height_mm);
  const areaOf = product(width, height) / product(object.width, object.height);
  const roundOf = sum(width, height) / sum(object.width, object.height);
  const area = told(goesWith(object.area, areaOf), values.area_mm2);
  const perimeter = told(goesWith(object.perimeter, roundOf), values.perimeter_mm);
  const known = [width, height, area, perimeter, solidity, orientation].filter(({ value }) => value !== null);
  const isSized = width.value !== null && height.value !== null;
  const confidence = isSized ? Math.min(...known.map((quantity) => quantity.confidence)) : 0;
  return { ...object, width, height, area, perimeter, confidence };
}

const product = (one: Quantity, other: Quantity) => (one.value ?? Number.NaN) * (other.value ?? Number.NaN);
const sum = (one: Quantity, other: Quantity) => (one.value ?? Number.NaN) + (other.value ?? Number.NaN);

/** @param grown by how much the sides say now that it is larger; NaN where they said nothing before */
function goesWith(quantity: Quantity, grown: number): Quantity {
  const isOff = Math.abs(grown - 1) > BY_HAND && quantity.method !== TOLD;
  return isOff && quantity.value !== null
    ? { ...quantity, value: null, confidence: 0, method: DROPPED }
    : quantity;
}

/** What a person told of an object, in an earlier answer. */
export function toldOf({ width, height, area, perimeter }: MeasuredObject): ToldValues {
  const told = ({ value, method }: Quantity) => (method === TOLD && value !== null ? value : undefined);
  return {
    width_mm: told(width),
    height_mm: told(height),
    area_mm2: told(area),
    perimeter_mm: told(perimeter),
  };
}
