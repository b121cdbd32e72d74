import type { VideoIndex, VideoLimits } from '../../media/video/video-index.ts';
import type { TechniquePool } from './technique-needs.ts';

/** An hour of video has an index of a few megabytes. */
const remembered = 8;

export interface IndexedFile {
  path: string;
  sha256: string;
  fileName: string;
}

export type IndexOf = (file: IndexedFile, signal: AbortSignal) => Promise<VideoIndex>;

/** Each pass begins with the index; reading a large file's packets again takes as long as reading the file. */
export function videoIndexes(pool: TechniquePool, limits: VideoLimits): IndexOf {
  const known = new Map<string, VideoIndex>();
  return async ({ path, sha256, fileName }, signal) => {
    const before = known.get(sha256);
    if (before) return before;
    const index = await pool.run({ task: 'index', path, fileName, limits }, { signal });
    known.set(sha256, index);
    for (const oldest of known.keys()) if (known.size > remembered) known.delete(oldest);
    return index;
  };
}
