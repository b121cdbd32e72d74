/** What travels with a model as data: which labels it gives, and how a volume is made ready for it. */
export interface ModelCard {
  /** The name of each label, by its number; the first is the background. */
  labels: readonly string[];
  normalisation: Normalisation;
  /** Memory that a run takes for each voxel, measured. */
  bytes_per_voxel: number;
}

/**
 * Which quantiles of the conformed volume become 0 and 1; values beyond them are not clipped. 0 and 1 are the lowest and the
 * highest value.
 */
export interface Normalisation {
  low_quantile: number;
  high_quantile: number;
}
