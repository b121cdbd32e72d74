import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loopVideo } from '../support/media/loop-video.ts';
import { samplePath, smallSample } from '../support/media/shipped.ts';
import type { RunningService } from '../support/running-service.ts';

/** `DOUBLETAKE_LONG=1` runs the faults over the 3,680 frames that the requirement names. */
export const long = process.env.DOUBLETAKE_LONG === '1';

/** Two people, one followed, eight segments; long enough to be interrupted in the middle. */
export function longClip(): { path: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'doubletake-clip-'));
  const path = join(folder, 'walks.mp4');
  const name = 'walk-and-jump.mp4';
  if (long) loopVideo(samplePath(name), { frames: 3680 }, path);
  else loopVideo(smallSample(name), { frames: 460 }, path);
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** What a coach gets of a job, with its own id taken out so that two jobs can be compared byte for byte. */
export async function answerOf(service: RunningService, id: string): Promise<Record<string, string>> {
  const names = ['deep_results.json', 'findings.json', 'report.json', 'keypoints.json', 'keypoints.csv'];
  const entries = names.map(async (name) => {
    const answer = await fetch(service.url(`/api/jobs/${id}/artifacts/deep/${name}`));
    if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
    const text = (await answer.text()).replaceAll(id, '<job>');
    return [name, createHash('sha256').update(text).digest('hex')] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
