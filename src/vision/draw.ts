import type { Report } from '../media/child/serve-tasks.ts';
import type { DrawnFrame, DrawTask } from './tasks.ts';

export async function drawFrames(_task: DrawTask, _report: Report): Promise<DrawnFrame[]> {
  return [];
}
