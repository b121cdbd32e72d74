/** Row-major 4 × 4: voxel indices (i, j, k) to world coordinates in millimetres, x to the right, y to the front, z up (RAS+). */
export type Affine = readonly (readonly [number, number, number, number])[];

export type Dimensions = readonly [nx: number, ny: number, nz: number];

/** A volume in memory. */
export interface Volume {
  dimensions: Dimensions;
  /** `nx × ny × nz` values, the first axis fastest; not a number where the file has none. */
  data: Float32Array;
  affine: Affine;
}

/** How it is known which side is which. */
export type Sides =
  /** From a coded orientation of the file. */
  | 'known'
  /** Two orientations of the file disagree about the handedness. */
  | 'uncertain'
  /** The file has no coded orientation. */
  | 'unknown';

export type Numbers =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** A place for voxels in the world. */
export type Grid = Pick<Volume, 'dimensions' | 'affine'>;

/** A volume as its file has it: a quarter of the memory of a `Volume` for bytes. A voxel's value is `stored × slope + intercept`. */
export interface StoredVolume extends Grid {
  data: Numbers;
  slope: number;
  intercept: number;
}

/** What a file said besides its voxels, cleaned of whatever could identify a person. */
export interface VolumeFacts {
  format: 'nifti' | 'dicom';
  sides: Sides;
  /** In words: which of the file's orientations was used, and why. */
  orientation_from: string;
  /** Millimetres along each axis. */
  voxel_mm: readonly [number, number, number];
  sequence: string | null;
  field_strength_t: number | null;
  contrast_agent: 'yes' | 'no' | 'unknown';
  manufacturer: string | null;
  model: string | null;
  /** Years, at most 89. */
  age_years: number | null;
  sex: 'male' | 'female' | null;
  /** What the reader passed over or put right, in whole sentences. */
  notices: readonly string[];
}
