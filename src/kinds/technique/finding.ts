export const levels = ['low', 'medium', 'high'] as const;
/** `low`: leave it. `medium`: worth a look. `high`: work on it first. */
export type Level = (typeof levels)[number];

export interface WorstFrame {
  /** Presentation time in seconds from the start of the video. */
  time_s: number;
  value: number;
  /** S3 key of the JPEG with the skeleton drawn on; null where the frame was not rendered. */
  artifact_key: string | null;
}

export interface Evidence {
  value: number | null;
  unit: string;
  threshold: { medium: number; high: number } | null;
  time_range_s: { start: number; end: number } | null;
  worst_frames: WorstFrame[];
}

export interface Finding {
  metric: string;
  level: Level;
  message: string;
  evidence: Evidence;
}

export interface Findings {
  findings: Finding[];
  overall_level: Level;
}

/** What a coach reads. `text` is Markdown; the sections are the same story in parts. */
export interface Report {
  text: string;
  overall_level: Level;
  sections: { title: string; text: string }[];
}

/** The gravest level among `found`; `low` when there is none. */
export function overallLevel(found: readonly { level: Level }[]): Level {
  return found.reduce<Level>(
    (worst, { level }) => (levels.indexOf(level) > levels.indexOf(worst) ? level : worst),
    'low',
  );
}
