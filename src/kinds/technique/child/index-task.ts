import type { Report } from '../../../media/child/serve-tasks.ts';
import { indexVideo, type VideoIndex, type VideoLimits } from '../../../media/video/video-index.ts';

export interface IndexTask {
  task: 'index';
  /** The local file, and what the user called it. */
  path: string;
  fileName: string;
  limits: VideoLimits;
}

export function indexTask({ path, fileName, limits }: IndexTask, report: Report<never>): Promise<VideoIndex> {
  return indexVideo(path, fileName, limits, report);
}
