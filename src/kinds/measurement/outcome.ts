import type { Provenance } from '../../domain/provenance.ts';

/**
 * Pixels of the upright image (EXIF orientation applied), origin at the top left corner of the top left pixel, so
 * that a pixel's centre is at halves. Two decimals.
 */
export type Point = [x: number, y: number];

export type Unit = 'mm' | 'mm²' | 'deg' | '1';

/** One calculated value. */
export interface Quantity {
  /** Null as long as there is no scale, or for what a person who gave other values left out. */
  value: number | null;
  unit: Unit;
  /** The same, measured in the image as it is: pixels, square pixels, degrees; null where the image has none. */
  pixel: number | null;
  /** 0–1: a score, not a probability. 1 for what a person said. */
  confidence: number;
  /** How it was got, in a sentence; begins with `person:` for a value that a person gave. */
  method: string;
}

export type TermName =
  | 'marker_size'
  | 'marker_squareness'
  | 'tilt'
  | 'reference_agreement'
  | 'reference_fit'
  | 'card_corners'
  | 'resolution'
  | 'outline_solidity'
  | 'edge_clarity'
  | 'border_contact'
  | 'ambiguity'
  | 'plane_distance';

/** One inspectable reason for or against trusting a measurement. */
export interface ConfidenceTerm {
  name: TermName;
  /** What was measured; its unit is in `why`. */
  value: number;
  /** 0–1; the gate's default is 0.70. */
  score: number;
  /** What it means, for someone in a laboratory. */
  why: string;
}

/** Who a thing comes from. */
export type Source = 'machine' | 'person';

export interface MeasuredObject {
  /** 1 for the largest. */
  n: number;
  /** The shorter side of the smallest rectangle around it, in the plane. */
  width: Quantity;
  /** The longer side. */
  height: Quantity;
  area: Quantity;
  perimeter: Quantity;
  /** Area over the area of the convex hull, 0–1. */
  solidity: Quantity;
  /** Of the longer side, 0–180°, clockwise as seen from above from the reference's top edge. */
  orientation: Quantity;
  /** At most 512 points. */
  outline: Point[];
  /** The rectangle's corners, clockwise from the one nearest to the top left of the image. */
  corners: Point[];
  /** The lowest score of `terms` and of the reference's; of what a person told values of, the lowest of its values'. */
  confidence: number;
  terms: ConfidenceTerm[];
  /** Who drew the outline. */
  source: Source;
  label?: string;
}

export type ReferenceKind = 'aruco' | 'card' | 'coin';

export interface FoundReference {
  kind: ReferenceKind;
  id: number | null;
  dictionary: string | null;
  /** Side of the marker, longer side of the card, diameter of the coin. */
  size_mm: number;
  /** Top left, top right, bottom right, bottom left of marker and card; the ends of a coin's axes. */
  corners: Point[];
  source: Source;
  /** What speaks for and against it; absent in measurements from before it was told. */
  terms?: ConfidenceTerm[];
}

export interface Scale {
  /** At the reference. */
  px_per_mm: number;
  source: string;
  /** Image pixels to millimetres in the plane, row by row, the last one 1. */
  homography: number[];
}

export type ReasonCode = 'no_reference' | 'no_object' | 'low_confidence' | 'several_references';

/** Why a person is asked. */
export interface Reason {
  code: ReasonCode;
  message: string;
  terms?: ConfidenceTerm[];
}

export interface MeasureOutcome {
  /** Upright. */
  image: { width: number; height: number };
  reference: FoundReference | null;
  scale: Scale | null;
  /** Largest first. */
  objects: MeasuredObject[];
  /** The lowest of the objects'; 0 where there is none. */
  confidence: number;
  /** Empty when nobody need be asked. */
  reasons: Reason[];
  /** What only the job knows, the software's version and the source's hash, is added by it. */
  provenance: Pick<Provenance, 'models' | 'parameters'>;
}

/** The photograph as every browser shows it, to draw on: upright, sRGB, a JPEG of the pixels that were looked at. */
export interface Preview {
  /** In S3. */
  key: string;
  width: number;
  height: number;
}

/** What a person put right; `AssistAnswer` in `kinds/measurement/answer.ts` is one, checked. */
export interface Correction {
  /** Four of a marker or card; of a coin six or more on its rim. */
  reference_corners?: Point[] | undefined;
  size_mm?: number | undefined;
  outlines?: { n: number; points: Point[] }[] | undefined;
  values?:
    | {
        n: number;
        width_mm?: number | undefined;
        height_mm?: number | undefined;
        area_mm2?: number | undefined;
        perimeter_mm?: number | undefined;
      }[]
    | undefined;
}
