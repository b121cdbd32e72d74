import type { Artifact } from '../../domain/artifact.ts';
import type { AssistFrame } from '../../domain/assist.ts';
import type { Reason, Source } from '../../domain/measurement.ts';

/** What `measurePhotograph` wrote to S3; small enough for a history. */
export interface WrittenMeasurement {
  /** 1 is the machine's; a person's answer makes the next. */
  version: number;
  source: Source;
  /** The outcome as JSON, with its whole provenance. */
  outcome_key: string;
  annotated_image_key: string;
  /** Null where there is no view from above: without a scale, or of what is too long for its width to be shown. */
  rectified_image_key: string | null;
  artifacts: Artifact[];
  /** What an answer has to have. */
  frame: AssistFrame;
  /** Why a person is asked, without the terms; empty when nobody need be. */
  reasons: Pick<Reason, 'code' | 'message'>[];
  /** For operators. */
  summary: string;
}

/** `annotated.jpg` is the machine's, `annotated-2.jpg` the one after an answer: no key gets other content. */
export function nameOf(stem: string, ending: string, version: number): string {
  return `${stem}${version === 1 ? '' : `-${version}`}.${ending}`;
}
