import { joinVideos } from './join-videos.ts';

/**
 * Plays the video track of `path` again and again into `out`, `frames` frames or `times` times, without
 * encoding anew; see `joinVideos`.
 */
export function loopVideo(path: string, length: { frames: number } | { times: number }, out: string): void {
  if ('times' in length) joinVideos(Array(length.times).fill(path), out);
  else joinVideos(forever(path), out, length.frames);
}

function* forever(path: string): Generator<string> {
  for (;;) yield path;
}
