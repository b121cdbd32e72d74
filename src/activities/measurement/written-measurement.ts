import type { Artifact } from '../../domain/artifact.ts';
import type { AssistFrame } from '../../kinds/measurement/answers/question.ts';
import type { Preview, Reason, Source } from '../../kinds/measurement/outcome.ts';
import type { OutcomeReference } from './read-outcome.ts';

/** What `measurePhotograph` wrote to S3; small enough for a history. */
export interface WrittenMeasurement {
  /** 1 is the machine's; a person's answer makes the next. */
  version: number;
  source: Source;
  /** The outcome as JSON, with its whole provenance. */
  outcome: OutcomeReference;
  annotated_image_key: string;
  /** Null where there is no view from above: without a scale, or of what is too long for its width to be shown. */
  rectified_image_key: string | null;
  /** Of the machine's version, where a person is asked; absent in what an earlier release wrote. */
  preview?: Preview | null;
  artifacts: Artifact[];
  /** What an answer has to have. */
  frame: AssistFrame;
  /** Why a person is asked, without the terms; empty when nobody need be. */
  reasons: Pick<Reason, 'code' | 'message'>[];
  /** For operators. */
  summary: string;
}
