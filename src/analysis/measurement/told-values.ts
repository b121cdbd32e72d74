import type { MeasuredObject, Quantity } from '../../domain/measurement.ts';

/** Values by hand, as answers name them. */
export interface ToldValues {
  width_mm?: number | undefined;
  height_mm?: number | undefined;
  area_mm2?: number | undefined;
  perimeter_mm?: number | undefined;
}

const TOLD = 'person: measured or read off by hand';

/** The object with what a person told of it, taken as it is; pixels stay those of the outline. */
export function withTold(object: MeasuredObject, values: ToldValues): MeasuredObject {
  const told = (quantity: Quantity, value: number | undefined): Quantity =>
    value === undefined ? quantity : { ...quantity, value, confidence: 1, method: TOLD };
  return {
    ...object,
    width: told(object.width, values.width_mm),
    height: told(object.height, values.height_mm),
    area: told(object.area, values.area_mm2),
    perimeter: told(object.perimeter, values.perimeter_mm),
  };
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
