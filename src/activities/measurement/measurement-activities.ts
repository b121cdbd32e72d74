import { type MeasurePhotographNeeds, makeMeasurePhotograph } from './measure-photograph.ts';

/** On the vision queue: what takes a core or much memory. */
export function makeMeasurementVisionActivities(needs: MeasurePhotographNeeds) {
  return { measurePhotograph: makeMeasurePhotograph(needs) };
}

export type MeasurementVisionActivities = ReturnType<typeof makeMeasurementVisionActivities>;
