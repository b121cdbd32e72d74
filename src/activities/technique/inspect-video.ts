import type { VideoIndex } from '../../media/video/video-index.ts';
import type { JobOfSession } from '../job-reference.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';
import type { TechniqueNeeds } from './technique-needs.ts';

export interface InspectedVideo {
  source_sha256: string;
  codec: string;
  width: number;
  height: number;
  duration_s: number;
  frame_count: number;
}

/** Brings the original to this machine and reads what it holds. @throws UnreadableMedia, TooLarge */
export function makeInspectVideo({ fetchOriginal, indexOf }: TechniqueNeeds) {
  return async function inspectVideo(job: JobOfSession): Promise<InspectedVideo> {
    return whileHeartbeating(async (signal) => {
      const { path, sha256 } = await fetchOriginal(job.session_id, signal);
      const index = await indexOf({ path, sha256, fileName: job.file_name }, signal);
      return { source_sha256: sha256, ...summaryOf(index) };
    });
  };
}

function summaryOf({ codec, width, height, duration_s, frame_count }: VideoIndex) {
  return { codec, width, height, duration_s, frame_count };
}
