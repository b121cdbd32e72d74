import { type MeasurePhotographNeeds, makeMeasurePhotograph } from './measure-photograph.ts';

/** On the compute queue: what takes a core or much memory. */
export function makeMeasurementComputeActivities(needs: MeasurePhotographNeeds) {
  return { measurePhotograph: makeMeasurePhotograph(needs) };
}

export type MeasurementComputeActivities = ReturnType<typeof makeMeasurementComputeActivities>;
