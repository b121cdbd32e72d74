import { artifactKey } from '../../domain/artifact.ts';
import { InvalidRequest, ObjectMissing } from '../../domain/errors.ts';
import type { Job } from '../../domain/job.ts';
import type { TechniqueOptions } from '../../domain/kinds/technique.ts';
import type { Provenance } from '../../domain/provenance.ts';
import type { TechniqueResult } from '../../kinds/technique/analysis/analyse.ts';
import type { FrameToDraw } from '../../kinds/technique/analysis/findings/frames-to-draw.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { JobOfSession } from '../job-reference.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';
import { drawEvidence } from './draw-evidence.ts';
import { measureInThread } from './measure-in-thread.ts';
import type { TechniqueNeeds } from './technique-needs.ts';
import { writeDeepPass } from './write-deep-pass.ts';
import type { WrittenPass } from './write-pass.ts';

export type ReanalyseNeeds = Pick<
  TechniqueNeeds,
  'store' | 'bucket' | 'log' | 'fetchOriginal' | 'pool' | 'limits' | 'softwareVersion'
> & {
  findJob(jobId: string, userId: string): Promise<Job | null>;
};

/** New findings from the keypoints an earlier deep job stored; no model runs. @throws InvalidRequest */
export function makeReanalyse(needs: ReanalyseNeeds) {
  const { store, findJob, fetchOriginal } = needs;
  return async function reanalyse(
    job: JobOfSession & { user_id: string; options: TechniqueOptions },
  ): Promise<WrittenPass> {
    const { job_id, session_id, user_id, file_name, options } = job;
    const source = options.source_job_id ?? '';
    return whileHeartbeating(async (signal) => {
      if (!(await findJob(source, user_id))) throw noKeypoints(source);
      const key = artifactKey(source, 'deep', 'keypoints.json');
      const [keypoints, results] = await Promise.all([
        store.head(key),
        store.get(artifactKey(source, 'deep', 'deep_results.json')).catch((error) => {
          throw error instanceof ObjectMissing ? noKeypoints(source) : error;
        }),
      ]);
      if (!keypoints) throw noKeypoints(source);
      const earlier: TechniqueResult = JSON.parse(results.toString());
      await using measured = await measureInThread(
        {
          source: { kind: 'keypoints' },
          context: {
            pass: 'deep',
            video: earlier.video,
            options,
            provenance: provenanceFrom(earlier, source, needs.softwareVersion),
          },
        },
        inPieces(store, key, keypoints.bytes),
        signal,
      );
      // The pictures are of this video, or there are none.
      const draw = async (frames: FrameToDraw[]) => {
        const { path, sha256 } = await fetchOriginal(session_id, signal);
        if (sha256 !== earlier.provenance.source_sha256) return [];
        return drawEvidence(needs, { path, fileName: file_name, frames }, signal);
      };
      return await writeDeepPass(needs, { job_id, file_name, measured, draw }, signal);
    });
  };
}

/** The keypoints are the earlier job's and its version's, what is read from them is this version's. */
function provenanceFrom({ provenance }: TechniqueResult, source: string, version: string): Provenance {
  const { software, parameters } = provenance;
  return {
    ...provenance,
    software: { ...software, version },
    parameters: {
      ...parameters,
      source_job_id: source,
      // Of a re-analysis analysed again: whoever made the keypoints, not who passed them on.
      keypoints_software: parameters.keypoints_software ?? software,
    },
  };
}

/** An hour of video has tens of megabytes of keypoints. */
const pieceBytes = 4 * 1024 * 1024;

async function* inPieces(
  store: Pick<ArtifactStore, 'readRange'>,
  key: string,
  bytes: number,
): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes; from += pieceBytes)
    yield store.readRange(key, from, Math.min(bytes, from + pieceBytes) - 1);
}

function noKeypoints(jobId: string): InvalidRequest {
  return new InvalidRequest(
    `Job ${jobId} has no stored keypoints to analyse again. Name a deep technique job of yours that is done.`,
    'source_job_id',
  );
}
