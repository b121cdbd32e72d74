import type { Report } from '../../../media/child/serve-tasks.ts';
import { indexVideo, type VideoIndex } from '../../../media/video/video-index.ts';
import type { IndexTask } from '../../child-tasks.ts';

export function indexTask({ path, fileName, limits }: IndexTask, report: Report): Promise<VideoIndex> {
  return indexVideo(path, fileName, limits, report);
}
