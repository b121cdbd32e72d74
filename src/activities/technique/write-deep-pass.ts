import type { Artifact } from '../../domain/artifact.ts';
import type { FrameToDraw } from '../../kinds/technique/analysis/findings/frames-to-draw.ts';
import type { DrawnFrame } from '../../kinds/technique/child/draw-task.ts';
import { allEnded } from '../all-ended.ts';
import { type Writer, writerFor } from '../write-artifact.ts';
import { frameFiles } from './measure.ts';
import type { MeasuredInThread } from './measure-in-thread.ts';
import type { TechniqueNeeds } from './technique-needs.ts';
import { type WrittenPass, writePass } from './write-pass.ts';

export interface DeepPassToWrite {
  job_id: string;
  file_name: string;
  measured: MeasuredInThread;
  draw(frames: FrameToDraw[]): Promise<DrawnFrame[]>;
}

/**
 * The per-frame keypoints, the exports made of them, and what every pass writes. One is text that a thread makes, the
 * other waits for pictures from the children: neither waits for the other.
 */
export async function writeDeepPass(
  { store, log, bucket }: Pick<TechniqueNeeds, 'store' | 'log' | 'bucket'>,
  { job_id, file_name, measured, draw }: DeepPassToWrite,
  signal: AbortSignal,
): Promise<WrittenPass> {
  const writer = writerFor({ store, log }, job_id, 'deep', signal);
  log.info({ job_id, bucket, frames_count: measured.frames_count }, 'Saving deep frames to S3');
  const [frames, written] = await allEnded([
    writeFrames(writer, measured),
    writePass({
      job_id,
      pass: 'deep',
      file_name,
      measured: measured.result,
      writer,
      draw,
      onSaving: (key) => log.info({ job_id, bucket, key }, 'Saving deep results to S3'),
    }),
  ]);
  return { ...written, artifacts: [...frames, ...written.artifacts] };
}

async function writeFrames(writer: Writer, measured: MeasuredInThread): Promise<Artifact[]> {
  const artifacts: Artifact[] = [];
  for (const { name, mediaType } of frameFiles)
    artifacts.push(await writer.putStream(name, () => measured.read(name), mediaType));
  return artifacts;
}
