import { type AnalysisContext, analyse, type TechniqueResult } from '../../analysis/technique/analyse.ts';
import { exportAnglesCsv } from '../../analysis/technique/export/angles-csv.ts';
import { exportKeypointsCsv } from '../../analysis/technique/export/keypoints-csv.ts';
import { exportKeypointsJson, readKeypointsJson } from '../../analysis/technique/export/keypoints-json.ts';
import { exportTrc } from '../../analysis/technique/export/trc.ts';
import { type MergedVideo, mergeSegments } from '../../analysis/technique/merge-segments.ts';
import type { PoseSequence } from '../../analysis/technique/pose-sequence.ts';
import type { StoredLook } from './deep-files.ts';

/** Where the keypoints come from; files as they lie in S3. */
export type KeypointSource =
  | { kind: 'segments'; files: Uint8Array[]; gaps: number[]; video: MergedVideo }
  | { kind: 'keypoints'; file: Uint8Array };

export interface MeasureRequest {
  source: KeypointSource;
  context: AnalysisContext;
}

export interface Measured {
  result: TechniqueResult;
  frames_count: number;
  /** The per-frame artifacts. */
  files: { name: string; media_type: string; body: Uint8Array }[];
}

/** All that is computed of a deep pass's keypoints: seconds of work for an hour of video. */
export function measure({ source, context }: MeasureRequest): Measured {
  const sequence = sequenceOf(source);
  const { options } = context;
  const text = new TextEncoder();
  const file = (name: string, media_type: string, body: string) => ({
    name,
    media_type,
    body: text.encode(body),
  });
  return {
    result: analyse(sequence, context),
    frames_count: sequence.frames.length,
    files: [
      file('keypoints.json', 'application/json', exportKeypointsJson(sequence)),
      file('keypoints.csv', 'text/csv; charset=utf-8', exportKeypointsCsv(sequence)),
      file('keypoints.trc', 'text/tab-separated-values', exportTrc(sequence, options)),
      file('angles.csv', 'text/csv; charset=utf-8', exportAnglesCsv(sequence, options)),
    ],
  };
}

function sequenceOf(source: KeypointSource): PoseSequence {
  const text = new TextDecoder();
  if (source.kind === 'keypoints') return readKeypointsJson(text.decode(source.file));
  const looks = source.files.map((file) => {
    const { segment, look }: StoredLook = JSON.parse(text.decode(file));
    return { n: segment.n, look };
  });
  return mergeSegments(looks, source.video, source.gaps);
}
