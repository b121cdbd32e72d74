import { z } from 'zod';
import { KEYPOINT_NUMBERS } from '../keypoints.ts';
import type { LookFrame } from '../look.ts';
import { type PoseFrame, type PoseSequence, packed } from '../pose-sequence.ts';

const head = z.object({
  format: z.literal('doubletake-keypoints'),
  version: z.literal(1),
  keypoint_names: z.array(z.string()),
  width: z.number(),
  height: z.number(),
  fps: z.number(),
});
const frame = z.object({
  time_s: z.number(),
  keypoints: z.array(z.number()).length(KEYPOINT_NUMBERS).nullable(),
});

/**
 * Takes in what `exportKeypointsJson` writes, in pieces cut anywhere: the text of an hour of video is never held at
 * once.
 */
export class StoredKeypointsReader {
  #head: z.infer<typeof head> | null = null;
  readonly #frames: PoseFrame[] = [];
  /** What came after the last line feed. */
  #rest = '';
  #ended = false;

  /** @throws ZodError, SyntaxError when the text is something else */
  take(piece: string): void {
    const lines = (this.#rest + piece).split('\n');
    this.#rest = lines.pop() as string;
    const frames: LookFrame[] = [];
    for (const line of lines) this.#takeLine(line, frames);
    for (const one of packed(frames)) this.#frames.push(one);
  }

  /** @throws SyntaxError when the text broke off */
  sequence(): PoseSequence {
    if (!this.#head || !this.#ended || this.#rest !== '')
      throw new SyntaxError('Stored keypoints broke off.');
    const { width, height, fps } = this.#head;
    return { width, height, fps, frames: this.#frames };
  }

  #takeLine(line: string, frames: LookFrame[]): void {
    if (!this.#head) this.#head = head.parse(JSON.parse(`${line}]}`));
    else if (line === ']}') this.#ended = true;
    else if (line !== '') frames.push(frame.parse(JSON.parse(line.endsWith(',') ? line.slice(0, -1) : line)));
  }
}
