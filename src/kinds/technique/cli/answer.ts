import type { Findings, Report } from '../finding.ts';
import type { VideoDamage } from '../technique-damage.ts';

export interface Measured {
  value: number;
  unit: string;
  score: number;
  confidence: number;
  samples: number;
  method: string;
}

export type Metric = Measured | { not_measurable: string };

/** What a pass measured; the parts printed here. */
export interface TechniqueResults {
  /** Absent in results from before it was told. */
  video?: VideoDamage;
  metrics?: Record<string, Metric>;
  repetitions?: {
    /** Null where they could not be counted. */
    count: number | null;
    items: {
      start_s: number;
      peak_s: number;
      end_s: number;
      peak_flexion_deg: number;
      /** Absent in results from before it was told. */
      peak_flexion_side?: 'left' | 'right';
    }[];
    not_counted?: string | null;
  };
  /** Metrics that are given but not judged, and why. */
  not_judged?: Record<string, string>;
  peak_knee_flexion_deg?: number | null;
  coverage?: { frames: number; seen: number; fraction: number };
}

/** `GET /api/coaches/plus/analysis-jobs/{job_id}`: null where a pass was not asked for or not reached. */
export interface TechniqueAnswer {
  quick_results: TechniqueResults | null;
  quick_results_s3_key: string | null;
  quick_findings: Findings | null;
  quick_report: Report | null;
  deep_results: TechniqueResults | null;
  deep_results_s3_key: string | null;
  deep_findings: Findings | null;
  deep_report: Report | null;
}

export interface PassAnswer {
  pass: 'quick' | 'deep';
  results: TechniqueResults | null;
  findings: Findings;
  report: Report | null;
}

/** The deepest pass that has an answer. */
export function deepestPass(answer: TechniqueAnswer): PassAnswer | undefined {
  const { deep_findings, quick_findings } = answer;
  if (deep_findings) {
    return {
      pass: 'deep',
      results: answer.deep_results,
      findings: deep_findings,
      report: answer.deep_report,
    };
  }
  if (!quick_findings) return undefined;
  return {
    pass: 'quick',
    results: answer.quick_results,
    findings: quick_findings,
    report: answer.quick_report,
  };
}
