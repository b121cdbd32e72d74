import { defineEntity, p } from '@mikro-orm/postgresql';
import type { Provenance } from '../../../domain/provenance.ts';
import type {
  ConfidenceTerm,
  FoundReference,
  MeasuredObject,
  MeasureOutcome,
  Point,
  Preview,
  Reason,
  Scale,
  Source,
} from '../outcome.ts';

/** The calculated values of an object, each with unit, pixel value, confidence and method. */
export type Quantities = Pick<
  MeasuredObject,
  'width' | 'height' | 'area' | 'perimeter' | 'solidity' | 'orientation'
>;

/** What is true of the whole photograph, in one version. */
export const MeasurementVersionEntity = defineEntity({
  name: 'MeasurementVersion',
  tableName: 'measurement_versions',
  properties: {
    job_id: p.uuid().primary(),
    version: p.integer().primary(),
    source: p.string().$type<Source>(),
    image: p.json().$type<MeasureOutcome['image']>(),
    reference: p.json().$type<FoundReference>().nullable(),
    scale: p.json().$type<Scale>().nullable(),
    confidence: p.float(),
    reasons: p.json().$type<Reason[]>(),
    provenance: p.json().$type<Provenance>(),
    annotated_image_key: p.string().length(500).nullable(),
    rectified_image_key: p.string().length(500).nullable(),
    preview: p.json().$type<Preview>().nullable(),
    created_at: p.datetime(),
  },
});

/** One object in it. */
export const MeasurementEntity = defineEntity({
  name: 'Measurement',
  tableName: 'measurements',
  properties: {
    job_id: p.uuid().primary(),
    version: p.integer().primary(),
    n: p.integer().primary(),
    source: p.string().$type<Source>(),
    label: p.string().nullable(),
    quantities: p.json().$type<Quantities>(),
    outline: p.json().$type<Point[]>(),
    corners: p.json().$type<Point[]>(),
    confidence: p.float(),
    terms: p.json().$type<ConfidenceTerm[]>(),
  },
});
