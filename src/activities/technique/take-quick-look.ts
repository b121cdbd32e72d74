import type { TechniqueOptions } from '../../domain/kinds/technique.ts';
import { analyse } from '../../kinds/technique/analysis/analyse.ts';
import { exportKeypointsJson } from '../../kinds/technique/analysis/export/keypoints-json.ts';
import { planQuick } from '../../kinds/technique/analysis/plan-quick.ts';
import type { PoseSequence } from '../../kinds/technique/analysis/pose-sequence.ts';
import type { JobOfSession, ProgressShare } from '../job-reference.ts';
import { progressReporter } from '../progress-reporter.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';
import { writerFor } from '../write-artifact.ts';
import { drawEvidence } from './draw-evidence.ts';
import { seedOf } from './person-box.ts';
import { writeQuickPerson } from './quick-person.ts';
import { provenanceOf, type TechniqueNeeds } from './technique-needs.ts';
import { type WrittenPass, writePass } from './write-pass.ts';

/** A look at about 150 frames spread over the video. @throws UnreadableMedia, TooLarge, DecoderCrashed */
export function makeTakeQuickLook(needs: TechniqueNeeds) {
  const { fetchOriginal, pool, indexOf, models, limits, log, bucket, recordProgress } = needs;
  return async function takeQuickLook(
    job: JobOfSession & { options: TechniqueOptions; share: ProgressShare },
  ): Promise<WrittenPass> {
    const { job_id, attempt, session_id, file_name: fileName, options, share } = job;
    return whileHeartbeating(async (signal, detail) => {
      const { path, sha256 } = await fetchOriginal(session_id, signal);
      const index = await indexOf({ path, sha256, fileName }, signal);
      const { times_s } = planQuick(index);
      const report = progressReporter(recordProgress, {
        job_id,
        attempt,
        pass: 'quick',
        part: 0,
        total: times_s.length,
        ...share,
      });
      const look = await pool.run(
        {
          task: 'look',
          path,
          fileName,
          limits,
          span: { kind: 'samples', times_s },
          seed: seedOf(options.person, index),
          models,
        },
        {
          signal,
          onProgress({ frames_done }) {
            detail({ frames_done });
            report(frames_done);
          },
        },
      );
      const { width, height, fps } = index;
      const sequence: PoseSequence = { width, height, fps, frames: look.frames };
      const writer = writerFor(needs, job_id, 'quick', signal);
      await writeQuickPerson(writer, look);
      const keypoints = await writer.put(
        'keypoints.json',
        [...exportKeypointsJson(sequence)].join(''),
        'application/json',
      );
      const written = await writePass({
        job_id,
        pass: 'quick',
        file_name: fileName,
        measured: analyse(sequence, {
          pass: 'quick',
          video: { ...index, corrupt_frames: look.corrupt_frames },
          options,
          provenance: provenanceOf(needs, sha256, {
            pass: 'quick',
            samples: times_s.length,
            person: options.person ?? null,
          }),
        }),
        writer,
        draw: (frames) => drawEvidence(needs, { path, fileName, frames }, signal),
        onSaving: (key) => log.info({ job_id, bucket, key }, 'Saving quick results to S3'),
      });
      return { ...written, artifacts: [keypoints, ...written.artifacts] };
    });
  };
}
