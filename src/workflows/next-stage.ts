/** The next stage, and the next status where the kind has one for it. */
export interface NextStage {
  status?: string;
  stage: string;
  /** In words: the transition's reason. */
  why: string;
  /** At least so far, 0 to 99. */
  progress_pct: number;
}
