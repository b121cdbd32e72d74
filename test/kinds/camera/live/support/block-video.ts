import { encodeVideo, type VideoRecipe } from '../../../../support/media/encode-video.ts';

export const fps = 10;
const [width, height] = [96, 64];

/**
 * A grey scene in which a block moves between the given seconds, and is not there otherwise.
 * @param out its ending says what it becomes: `.mp4`, `.m3u8` with its segments beside it
 */
export function blockVideo(
  out: string,
  {
    seconds,
    moving,
    ...more
  }: { seconds: number; moving: readonly (readonly [from: number, to: number])[] } & Partial<VideoRecipe>,
): void {
  encodeVideo(out, {
    width,
    height,
    times_s: { frames: seconds * fps, fps },
    keyframeEvery: fps,
    paint: (n) => {
      const isThere = moving.some(([from, to]) => n / fps >= from && n / fps < to);
      const rgb = new Uint8Array(width * height * 3).fill(90);
      if (!isThere) return rgb;
      const left = (n * 7) % (width - 32);
      for (let y = 16; y < 48; y++) rgb.fill(230, (y * width + left) * 3, (y * width + left + 32) * 3);
      return rgb;
    },
    ...more,
  });
}
