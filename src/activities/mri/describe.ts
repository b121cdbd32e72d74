import type { HeadMeasurements } from '../../kinds/mri/analysis/measured.ts';
import type { Acquisition } from '../../kinds/mri/language/acquisition.ts';
import { normalised, problemsOf } from '../../kinds/mri/language/check-text.ts';
import { describeHead } from '../../kinds/mri/language/describe-head.ts';
import { placeholdersOf } from '../../kinds/mri/language/placeholders.ts';
import { descriptionPrompt } from '../../kinds/mri/language/prompts.ts';
import { notForDiagnosis } from '../../kinds/mri/language/standing-words.ts';
import type { LanguageClient } from '../../language/client.ts';
import { sha256Of } from '../../storage/hashing.ts';
import type { ActivityLog } from '../activity-log.ts';
import type { JobReference } from '../job-reference.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';
import { checkedText, type Sent, type TextRun } from './checked-text.ts';

/** A picture in which everything outside the brain is black. No other may go to an endpoint: a head shows a face. */
export interface MaskedSlice {
  /** Such as `axial, middle`. */
  name: string;
  key: string;
  media_type: 'image/png' | 'image/jpeg';
  masked: true;
}

/** What a head was found to be, read back from where the deep look wrote it. */
export interface MeasuredHead {
  measured: HeadMeasurements;
  acquisition: Acquisition;
  /** What it was measured with. */
  models: readonly { name: string; sha256: string }[];
  software: string;
}

export interface DescribedImage {
  text: string;
  run: TextRun;
  sent: Sent | null;
}

export interface DescribeImageNeeds {
  /** The configured vision-language model; absent: the own describer. */
  vision?: LanguageClient;
  readHead(job: JobReference): Promise<MeasuredHead>;
  /** The slices that may be shown to a model. */
  readSlices(job: JobReference): Promise<readonly MaskedSlice[]>;
  store: { get(key: string): Promise<Uint8Array> };
  /** Writes `image_description`, which of the two it is, and what was sent; repeated, it is written once. */
  keepDescription(job: JobReference, described: DescribedImage): Promise<void>;
  log: ActivityLog;
}

/** What the workflow is told. */
export type TextSummary = Pick<TextRun, 'path' | 'model' | 'failures' | 'instead'> & { rejected: number };

/**
 * The description of the image, by the configured model or by ourselves.
 * @throws EndpointUnavailable, EndpointNonsense while it may still become better
 */
export function makeDescribeImage(needs: DescribeImageNeeds) {
  const { vision, readHead, readSlices, store, keepDescription, log } = needs;

  return async function describeImage(job: JobReference): Promise<TextSummary> {
    return whileHeartbeating(async (signal) => {
      const { measured, acquisition } = await readHead(job);
      const catalogue = placeholdersOf(measured);
      const slices = vision ? await readSlices(job) : [];
      const images = await Promise.all(
        slices.map(async ({ key, name, media_type }) => ({ name, media_type, bytes: await store.get(key) })),
      );
      // Without a picture there is nothing to describe.
      const { text, run, sent } = await checkedText(
        images.length > 0 ? vision : undefined,
        descriptionPrompt(slices.map(({ name }) => name)),
        (draft) => problemsOf(draft, { measured, catalogue: new Map(), passages: null }),
        { signal, images },
      );
      const described: DescribedImage = {
        text:
          text === null
            ? describeHead(measured, acquisition, catalogue)
            : `${normalised(text)} ${notForDiagnosis}`,
        run,
        sent:
          vision && sent !== null
            ? {
                to: vision.host,
                model: vision.model,
                text: sent,
                images: images.map(({ name, bytes }) => ({
                  name,
                  sha256: sha256Of(bytes),
                  bytes: bytes.length,
                })),
              }
            : null,
      };
      await keepDescription(job, described);
      return told(log, job, 'The image is described', run, vision);
    });
  };
}

/** Says in the log and to the workflow which way it went. */
export function told(
  log: ActivityLog,
  { job_id }: JobReference,
  what: string,
  run: TextRun,
  client: LanguageClient | undefined,
): TextSummary {
  const { path, model, failures, instead, rejected } = run;
  const summary = { path, model, failures, instead, rejected: rejected.length };
  const fields = { job_id, ...summary, host: client?.host };
  if (instead === null) log.info(fields, what);
  else log.warn(fields, `${what}, by ourselves`);
  return summary;
}
