import { exportAnglesCsv } from '../../analysis/technique/export/angles-csv.ts';
import { exportKeypointsCsv } from '../../analysis/technique/export/keypoints-csv.ts';
import { exportKeypointsJson } from '../../analysis/technique/export/keypoints-json.ts';
import { exportTrc } from '../../analysis/technique/export/trc.ts';
import { mergeSegments } from '../../analysis/technique/merge-segments.ts';
import type { PoseSequence } from '../../analysis/technique/pose-sequence.ts';
import type { Artifact } from '../../domain/artifact.ts';
import type { TechniqueOptions } from '../../domain/kinds/technique.ts';
import type { JobOfSession } from '../job-reference.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';
import { readLooks, readPlan } from './deep-files.ts';
import { provenanceOf, type TechniqueNeeds } from './technique-needs.ts';
import { type Writer, writerFor } from './write-artifact.ts';
import { type WrittenPass, writePass } from './write-pass.ts';

export type MergeJob = JobOfSession & {
  options: TechniqueOptions;
  /** Segments whose second look counts. */
  relooked: number[];
  /** Segments that followed somebody else, twice: nobody is seen there. */
  gaps: number[];
};

/** One sequence out of all segments, and all that is read from it. */
export function makeMergeSegments(needs: TechniqueNeeds) {
  const { store, fetchOriginal, pool, log, bucket } = needs;
  return async function mergeSegmentsOf(job: MergeJob): Promise<WrittenPass> {
    const { job_id, session_id, file_name: fileName, options, relooked, gaps } = job;
    return whileHeartbeating(async (signal) => {
      const { index, segments } = await readPlan(store, job_id);
      const looks = await readLooks(store, job_id, segments.length, relooked, ({ segment, look }) => ({
        n: segment.n,
        look,
      }));
      const sequence = mergeSegments(looks, index, gaps);
      const writer = writerFor(needs, job_id, 'deep', signal);
      log.info({ job_id, bucket, frames_count: sequence.frames.length }, 'Saving deep frames to S3');
      const frames = await writeFrames(writer, sequence, options);
      const { path, sha256 } = await fetchOriginal(session_id, signal);
      const written = await writePass({
        job_id,
        pass: 'deep',
        file_name: fileName,
        sequence,
        context: {
          pass: 'deep',
          video: index,
          options,
          provenance: provenanceOf(needs, sha256, {
            pass: 'deep',
            segment_frames: needs.segmentFrames,
            segments: segments.length,
            person: options.person ?? null,
          }),
        },
        writer,
        draw: (wanted) => pool.run({ task: 'draw', path, fileName, frames: wanted }, { signal }),
        onSaving: (key) => log.info({ job_id, bucket, key }, 'Saving deep results to S3'),
      });
      return { ...written, artifacts: [...frames, ...written.artifacts] };
    });
  };
}

/** The per-frame keypoints, and the exports made of them. */
export async function writeFrames(
  writer: Writer,
  sequence: PoseSequence,
  options: TechniqueOptions,
): Promise<Artifact[]> {
  return [
    await writer.put('keypoints.json', exportKeypointsJson(sequence), 'application/json'),
    await writer.put('keypoints.csv', exportKeypointsCsv(sequence), 'text/csv; charset=utf-8'),
    await writer.put('keypoints.trc', exportTrc(sequence, options), 'text/tab-separated-values'),
    await writer.put('angles.csv', exportAnglesCsv(sequence, options), 'text/csv; charset=utf-8'),
  ];
}
