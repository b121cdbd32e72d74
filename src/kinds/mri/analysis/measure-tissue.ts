import { Histogram } from './grid/histogram.ts';
import { notMeasurable } from './measure-structures.ts';
import type { HeadMeasurements, IntensityStatistics, Measured, TissueName } from './measured.ts';
import { tissueCodes } from './structures.ts';
import type { TissueSegmentation } from './tissue/segment-tissue.ts';

/** What partly filled voxels and the edge of the mask leave open, as a share of a volume. */
const FLOOR = 0.015;
/** The same where no second way of telling the tissues apart held. */
const FLOOR_OF_ONE_PATH = 0.03;

const ML = 0.001;
const names: readonly TissueName[] = ['white', 'grey', 'csf'];

/** Volumes of the tissues; the two ways of telling them apart tell how sure they are. */
export function measureTissue(
  { classes, otherwise }: Pick<TissueSegmentation, 'classes' | 'otherwise'>,
  reason: string | undefined,
): Pick<HeadMeasurements, 'tissue' | 'fractions'> {
  const counts = countTissues(classes);
  const others = otherwise && countTissues(otherwise);
  const volume = (count: number, other: number | null): Measured => {
    if (reason !== undefined) return notMeasurable(reason);
    const floor = count * (other === null ? FLOOR_OF_ONE_PATH : FLOOR);
    const differing = other === null ? 0 : (count - other) / Math.SQRT2;
    return { value: count * ML, uncertainty: Math.hypot(floor, differing) * ML };
  };
  const of = (name: TissueName) => volume(counts[name], others ? others[name] : null);
  const total = counts.white + counts.grey + counts.csf;
  return {
    tissue: {
      gm_ml: of('grey'),
      wm_ml: of('white'),
      csf_ml: of('csf'),
      brain_ml: volume(counts.white + counts.grey, others && others.white + others.grey),
    },
    fractions:
      reason === undefined && total > 0
        ? { white: counts.white / total, grey: counts.grey / total, csf: counts.csf / total }
        : null,
  };
}

export function countTissues(classes: Uint8Array): Record<TissueName, number> {
  const counts = [0, 0, 0, 0];
  for (const code of classes) counts[code] = (counts[code] as number) + 1;
  const of = (name: TissueName) => counts[tissueCodes[name]] as number;
  return { white: of('white'), grey: of('grey'), csf: of('csf') };
}

/** How bright each tissue is: a grey value of the conformed volume is `low + value / scale` in the units of the file. */
export function intensitiesOf(
  values: Float32Array,
  classes: Uint8Array,
  { low, scale }: { low: number; scale: number },
): Record<TissueName, IntensityStatistics> {
  const unit = scale > 0 ? 1 / scale : 0;
  const of = (name: TissueName): IntensityStatistics => {
    const code = tissueCodes[name];
    let [count, sum, squares] = [0, 0, 0];
    for (let at = 0; at < values.length; at++) {
      if (classes[at] !== code) continue;
      const value = values[at] as number;
      count++;
      sum += value;
      squares += value * value;
    }
    const mean = count === 0 ? 0 : sum / count;
    const variance = count === 0 ? 0 : Math.max(0, squares / count - mean * mean);
    const median = count === 0 ? 0 : Histogram.of(values, (at) => classes[at] === code).median();
    return { mean: low + mean * unit, deviation: Math.sqrt(variance) * unit, median: low + median * unit };
  };
  const [white, grey, csf] = names.map(of) as [IntensityStatistics, IntensityStatistics, IntensityStatistics];
  return { white, grey, csf };
}
