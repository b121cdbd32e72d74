import { canonicalJson } from '../../domain/canonical-json.ts';
import type { Provenance } from '../../domain/provenance.ts';
import {
  type AnalysisContext,
  analyseClean,
  signalSettings,
  type TechniqueResult,
} from '../../kinds/technique/analysis/analyse.ts';
import { exportAnglesCsv } from '../../kinds/technique/analysis/export/angles-csv.ts';
import { exportKeypointsCsv } from '../../kinds/technique/analysis/export/keypoints-csv.ts';
import { exportKeypointsJson } from '../../kinds/technique/analysis/export/keypoints-json.ts';
import { StoredKeypointsReader } from '../../kinds/technique/analysis/export/stored-keypoints-reader.ts';
import { exportTrc } from '../../kinds/technique/analysis/export/trc.ts';
import {
  type MergeableSegment,
  type MergedVideo,
  mergeSegments,
} from '../../kinds/technique/analysis/merge-segments.ts';
import { type PoseSequence, packed } from '../../kinds/technique/analysis/pose-sequence.ts';
import { type CleanSequence, cleanSequence } from '../../kinds/technique/analysis/signal/clean-sequence.ts';
import type { MadeBy, StoredLook } from './deep-files.ts';

/** What the pieces handed to `Measuring` are. */
export type KeypointSource =
  /** Checkpoints, each whole, in any order. */
  | { kind: 'segments'; gaps: number[]; video: MergedVideo }
  /** An earlier job's `keypoints.json`, cut anywhere. */
  | { kind: 'keypoints' };

export interface MeasureRequest {
  source: KeypointSource;
  context: AnalysisContext;
}

export interface Measured {
  result: TechniqueResult;
  frames_count: number;
}

/** The per-frame artifacts: as much text as all else together, so made while it is written. */
export const frameFiles = [
  { name: 'keypoints.json', mediaType: 'application/json' },
  { name: 'keypoints.csv', mediaType: 'text/csv; charset=utf-8' },
  { name: 'keypoints.trc', mediaType: 'text/tab-separated-values' },
  { name: 'angles.csv', mediaType: 'text/csv; charset=utf-8' },
] as const;

export type FrameFile = (typeof frameFiles)[number]['name'];

/**
 * All that is computed of a deep pass's keypoints: seconds of work for an hour of video. Keypoints come in piece by piece
 * and files go out block by block; held throughout are only the numbers.
 */
export class Measuring {
  readonly #request: MeasureRequest;
  readonly #decoder = new TextDecoder();
  readonly #stored = new StoredKeypointsReader();
  readonly #segments: MergeableSegment[] = [];
  #corruptFrames = 0;
  /** Each once. */
  readonly #makers = new Map<string, MadeBy>();
  #measured: { sequence: PoseSequence; clean: CleanSequence } | null = null;

  constructor(request: MeasureRequest) {
    this.#request = request;
  }

  /** @throws SyntaxError, ZodError for what is no piece of the source */
  take(piece: Uint8Array): void {
    if (this.#request.source.kind === 'keypoints') {
      this.#stored.take(this.#decoder.decode(piece, { stream: true }));
      return;
    }
    const { segment, look, made_by }: StoredLook = JSON.parse(this.#decoder.decode(piece));
    if (made_by) this.#makers.set(canonicalJson(made_by), made_by);
    this.#corruptFrames += look.corrupt_frames;
    this.#segments.push({ n: segment.n, frames: packed(look.frames) });
  }

  /** After the last piece. */
  measure(): Measured {
    const { source, context } = this.#request;
    const sequence =
      source.kind === 'keypoints'
        ? this.#stored.sequence()
        : mergeSegments(this.#segments.splice(0), source.video, source.gaps);
    const clean = cleanSequence(sequence, signalSettings(context.options));
    this.#measured = { sequence, clean };
    const video =
      source.kind === 'keypoints' ? context.video : { ...context.video, corrupt_frames: this.#corruptFrames };
    const provenance = this.#withMakers(context.provenance);
    return {
      result: analyseClean(clean, { ...context, video, provenance }),
      frames_count: sequence.frames.length,
    };
  }

  /** Where segments were looked at by another version or other models than those that merge them, these are told, too. */
  #withMakers(provenance: Provenance): Provenance {
    const { software, models, parameters } = provenance;
    const own = canonicalJson({ software, models });
    const others = [...this.#makers].filter(([maker]) => maker !== own).sort(([a], [b]) => (a < b ? -1 : 1));
    if (others.length === 0) return provenance;
    return {
      ...provenance,
      parameters: { ...parameters, segments_made_by: others.map(([, maker]) => maker) },
    };
  }

  /** Only after `measure`; as often as one likes. */
  textOf(file: FrameFile): Generator<string> {
    if (!this.#measured) throw new Error('Nothing was measured yet.');
    const { sequence, clean } = this.#measured;
    switch (file) {
      case 'keypoints.json':
        return exportKeypointsJson(sequence);
      case 'keypoints.csv':
        return exportKeypointsCsv(sequence);
      case 'keypoints.trc':
        return exportTrc(clean);
      case 'angles.csv':
        return exportAnglesCsv(clean);
    }
  }
}
