import type { AnswerGiven } from '../../database/assist/find-assist.ts';
import type { MeasurementOptions } from '../../domain/kinds/measurement.ts';
import type { AssistAnswer } from '../../kinds/measurement/answers/answer.ts';
import { measuredName } from '../../kinds/measurement/answers/artifact-name.ts';
import { frameOf, lackedBy } from '../../kinds/measurement/answers/question.ts';
import type { MeasurementTasks } from '../../kinds/measurement/child/tasks.ts';
import type { MeasureOutcome } from '../../kinds/measurement/outcome.ts';
import type { TaskPool } from '../../media/child-pool.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { ActivityLog } from '../activity-log.ts';
import type { JobOfSession, JobReference } from '../job-reference.ts';
import type { FetchOriginal } from '../originals/fetch-original.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';
import { writerFor } from '../write-artifact.ts';
import { type OutcomeReference, readOutcome, type StoredOutcome } from './read-outcome.ts';
import type { WrittenMeasurement } from './written-measurement.ts';

export interface MeasurePhotographNeeds {
  store: ArtifactStore;
  fetchOriginal: FetchOriginal;
  findAnswer(to: JobReference & { question: number }): Promise<AnswerGiven>;
  pool: TaskPool<MeasurementTasks>;
  /** Width × height of the largest image that is opened. */
  imagePixels: number;
  softwareVersion: string;
  log: ActivityLog;
}

export interface PhotographToMeasure extends JobOfSession {
  options: MeasurementOptions;
  version: number;
  /** Which question's answer puts it right, and the outcome it is about. The answer is in the database. */
  correction?: { question: number; outcome: OutcomeReference };
}

/**
 * Finds reference and objects, measures and draws them, or measures again with what a person put right. The pictures
 * and the outcome are in S3 when it returns; no row claims them yet.
 * @throws UnreadableMedia, TooLarge, StorageRefused, ObjectChanged, NotFound
 */
export function makeMeasurePhotograph(needs: MeasurePhotographNeeds) {
  const { store, fetchOriginal, findAnswer, pool, imagePixels, softwareVersion, log } = needs;

  async function answerTo(question: JobReference & { question: number }): Promise<AssistAnswer> {
    return (await findAnswer(question)).answer as AssistAnswer;
  }

  return async function measurePhotograph(job: PhotographToMeasure): Promise<WrittenMeasurement> {
    const { job_id, attempt, session_id, file_name: fileName, options, version, correction } = job;
    return whileHeartbeating(async (signal) => {
      const { path, sha256 } = await fetchOriginal(session_id, signal);
      const corrected = correction && {
        correction: await answerTo({ job_id, attempt, question: correction.question }),
        previous: await readOutcome(store, correction.outcome),
      };
      const { outcome, annotated, rectified, preview } = await pool.run(
        { task: 'measure', path, fileName, options, limits: { pixels: imagePixels }, ...corrected },
        { signal },
      );
      const reasons = correction ? lackedBy(outcome) : outcome.reasons;
      const stored: StoredOutcome = {
        ...outcome,
        reasons,
        provenance: {
          ...outcome.provenance,
          software: { name: 'doubletake', version: softwareVersion },
          parameters: {
            ...outcome.provenance.parameters,
            ...(corrected && { answer: corrected.correction }),
          },
          source_sha256: sha256,
        },
      };
      const { put } = writerFor({ store, log }, job_id, 'measuring', signal);
      const named = (stem: string, ending: string) => measuredName(stem, ending, { version, attempt });
      const json = await put(named('outcome', 'json'), JSON.stringify(stored), 'application/json');
      const drawn = await put(named('annotated', 'jpg'), annotated, 'image/jpeg');
      const fromAbove = rectified && (await put(named('rectified', 'jpg'), rectified, 'image/jpeg'));
      const toDrawOn = preview && (await put(named('preview', 'jpg'), preview.jpeg, 'image/jpeg'));
      log.info({ job_id, version, annotated_image_key: drawn.key }, 'Saved measurement images to S3');
      return {
        version,
        source: correction ? 'person' : 'machine',
        outcome: { key: json.key, sha256: json.sha256 },
        annotated_image_key: drawn.key,
        rectified_image_key: fromAbove?.key ?? null,
        preview: preview && toDrawOn && { key: toDrawOn.key, width: preview.width, height: preview.height },
        artifacts: [json, drawn, fromAbove, toDrawOn].filter((artifact) => artifact !== null),
        frame: frameOf(outcome),
        reasons: reasons.map(({ code, message }) => ({ code, message })),
        summary: summaryOf(outcome),
      };
    });
  };
}

function summaryOf({ objects, confidence }: MeasureOutcome): string {
  const said = (value: number | null) => (value === null ? '?' : value.toFixed(1));
  const sizes = objects
    .slice(0, 3)
    .map(({ width, height }) => `${said(width.value)} × ${said(height.value)} mm`);
  const more = objects.length > sizes.length ? ` and ${objects.length - sizes.length} more` : '';
  return `${sizes.join(', ') || 'no object'}${more}, confidence ${confidence.toFixed(2)}`;
}
