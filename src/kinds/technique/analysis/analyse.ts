import type { TechniqueOptions } from '../../../domain/kinds/technique.ts';
import type { Provenance } from '../../../domain/provenance.ts';
import type { Findings } from '../finding.ts';
import { type FrontSide, frontSide, torsoLength } from './body.ts';
import { type Coverage, coverageLevel, coverageOf, percentSeen } from './coverage.ts';
import { notJudged } from './findings/exercise.ts';
import { type FrameToDraw, framesToDraw } from './findings/frames-to-draw.ts';
import { judge } from './findings/judge.ts';
import { type KneePeaks, kneePeaks, largestOf } from './knee-peaks.ts';
import { asMetric, measureAll } from './metrics/measure-all.ts';
import {
  type Metric,
  type MetricName,
  metricNames,
  type NotMeasurable,
  type Subject,
} from './metrics/metric.ts';
import type { PoseSequence } from './pose-sequence.ts';
import { countRepetitions, type Repetitions } from './repetitions.ts';
import { round } from './rounding.ts';
import type { CleanPose } from './signal/clean-pose.ts';
import { type CleanSequence, cleanSequence } from './signal/clean-sequence.ts';
import type { SignalSettings } from './signal/sampling.ts';
import { type SignalSummary, signalSummary } from './signal/signal-summary.ts';
import { type Thresholds, thresholdsFor } from './thresholds.ts';

/** Pose estimates keep useful movement below this; what is above is mostly jitter (Winter, chapter 3). */
const DEFAULT_CUTOFF_HZ = 6;

export type AnalysisOptions = Pick<
  TechniqueOptions,
  'front_side' | 'slow_motion_factor' | 'cutoff_hz' | 'thresholds'
>;

export interface AnalysisContext {
  /** `quick`, or `deep`. */
  pass: string;
  video: {
    /** Of the whole video, from its index. */
    duration_s: number;
    frame_count: number;
    /** Frames the file lists but does not hold: it is cut off. */
    missing_frames?: number;
    /** Frames that decoded with damage, or not at all, of those looked at. */
    corrupt_frames?: number;
  };
  options: Partial<AnalysisOptions>;
  /** Those of the options over the shipped ones unless given. */
  thresholds?: Thresholds;
  /** The analysis adds its own parameters. */
  provenance: Provenance;
}

export interface TechniqueResult {
  kind: 'technique';
  pass: string;
  video: {
    width: number;
    height: number;
    fps: number;
    duration_s: number;
    frame_count: number;
    missing_frames: number;
    corrupt_frames: number;
  };
  coverage: Coverage;
  signal: SignalSummary;
  front_side: FrontSide;
  /** Median torso length, by which lengths are divided, in pixels; null where no torso is seen. */
  torso_px: number | null;
  metrics: Record<MetricName, Metric | NotMeasurable>;
  /** Metrics that are given but not judged (level `low`, score 100), and why. */
  not_judged: Partial<Record<MetricName, string>>;
  repetitions: Repetitions;
  /** Largest 2D flexion of either knee; null where too little is seen. */
  peak_knee_flexion_deg: number | null;
  knee_peaks: KneePeaks;
  findings: Findings;
  /** To draw, ascending. */
  worst_frames: FrameToDraw[];
  provenance: Provenance;
}

export function signalSettings(options: Partial<AnalysisOptions>): SignalSettings {
  return {
    cutoff_hz: options.cutoff_hz ?? DEFAULT_CUTOFF_HZ,
    slow_motion_factor: options.slow_motion_factor ?? 1,
  };
}

/**
 * From keypoints to findings; also the whole of a re-analysis. Deterministic: the same sequence and context give the
 * same result, byte for byte as JSON. Never throws for what the keypoints hold.
 */
export function analyse(given: PoseSequence, context: AnalysisContext): TechniqueResult {
  return analyseClean(cleanSequence(given, signalSettings(context.options)), context);
}

/** `analyse` for who has cleaned the sequence already. */
export function analyseClean({ sequence, pose }: CleanSequence, context: AnalysisContext): TechniqueResult {
  const { options, video } = context;
  const thresholds = context.thresholds ?? thresholdsFor(options.thresholds);
  const coverage = coverageOf(sequence.frames);
  const front = frontSide(pose, options.front_side ?? 'auto');
  const torso = torsoLength(pose);
  const subject = subjectOf(pose, torso, front, coverage, thresholds);
  const enough = !('not_measurable' in subject);
  const measurements = measureAll(subject);
  const repetitions = enough
    ? countRepetitions(pose, subject.torso, thresholds.repetition)
    : { count: null, items: [], not_counted: subject.not_measurable };
  const not_judged = notJudged(repetitions, thresholds);
  const findings = judge({ measurements, coverage, repetitions, thresholds, not_judged, times: pose.times });
  const peaks = enough ? kneePeaks(pose, subject.torso) : { left: null, right: null };
  return {
    kind: 'technique',
    pass: context.pass,
    video: {
      width: sequence.width,
      height: sequence.height,
      fps: round(sequence.fps, 3),
      duration_s: round(video.duration_s, 3),
      frame_count: video.frame_count,
      missing_frames: video.missing_frames ?? 0,
      corrupt_frames: video.corrupt_frames ?? 0,
    },
    coverage,
    signal: signalSummary(pose, sequence.fps),
    front_side: front,
    torso_px: torso === null ? null : round(torso, 1),
    metrics: Object.fromEntries(
      metricNames.map((name) => {
        const metric = asMetric(name, measurements[name], pose, coverage, thresholds);
        return [name, name in not_judged && 'score' in metric ? { ...metric, score: 100 } : metric];
      }),
    ) as TechniqueResult['metrics'],
    not_judged,
    repetitions,
    peak_knee_flexion_deg: largestOf(peaks),
    knee_peaks: peaks,
    findings,
    worst_frames: framesToDraw(findings, sequence),
    provenance: {
      ...context.provenance,
      parameters: { ...context.provenance.parameters, ...parametersOf(options, thresholds) },
    },
  };
}

/** Every parameter of the analysis that can change the numbers, defaults filled in. */
function parametersOf(options: Partial<AnalysisOptions>, thresholds: Thresholds): Record<string, unknown> {
  return {
    front_side: options.front_side ?? 'auto',
    ...signalSettings(options),
    thresholds: { ...thresholds.metrics, coverage: thresholds.coverage, repetition: thresholds.repetition },
  };
}

function subjectOf(
  pose: CleanPose,
  torso: number | null,
  front: FrontSide,
  coverage: Coverage,
  thresholds: Thresholds,
): Subject | NotMeasurable {
  if (coverageLevel(coverage, thresholds.coverage) === 'high') {
    return {
      not_measurable: `the person is seen in only ${coverage.seen} of ${coverage.frames} frames (${percentSeen(coverage)} %); at least ${thresholds.coverage.high} % are needed`,
    };
  }
  if (torso === null) {
    return {
      not_measurable:
        'no frame shows both shoulders and both hips, so there is no torso length to measure by',
    };
  }
  return { pose, torso, front };
}
