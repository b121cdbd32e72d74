import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Decoder, Demuxer, Encoder, FilterAPI, Muxer } from 'node-av/api';
import { AV_LOG_ERROR, FF_ENCODER_LIBX264 } from 'node-av/constants';
import { Log } from 'node-av/lib';
import { loopVideo } from '../test/support/media/loop-video.ts';

/** A phone's habit: a keyframe about every two seconds. */
const KEYFRAME_EVERY = 60;

export interface Clip {
  name: string;
  path: string;
  frames: number;
}

export interface ClipWish {
  /** Without ending; the file is made once and found again by it. */
  name: string;
  sample: string;
  frames: number;
  /** Encoded anew as H.264 in this size; the sample's own packets otherwise. */
  size?: { width: number; height: number };
}

/** Makes a clip out of a sample: scaled if asked, then its packets repeated until there are enough frames. */
export async function makeClip(directory: string, wish: ClipWish): Promise<Clip> {
  const path = join(directory, `${wish.name}.mp4`);
  const clip = { name: wish.name, path, frames: wish.frames };
  if (existsSync(path)) return clip;
  Log.setLevel(AV_LOG_ERROR);
  await mkdir(directory, { recursive: true });
  const partial = (word: string) => join(directory, `.${wish.name}.${word}.mp4`);
  let from = wish.sample;
  if (wish.size) {
    from = partial('scaled');
    await scale(wish.sample, from, wish.size);
  }
  // Packets, not pictures, are repeated: no generation is lost and it takes no time.
  loopVideo(from, { frames: wish.frames }, partial('looped'));
  await rm(partial('scaled'), { force: true });
  await rename(partial('looped'), path);
  return clip;
}

async function scale(
  from: string,
  to: string,
  { width, height }: { width: number; height: number },
): Promise<void> {
  await using input = await Demuxer.open(from);
  const track = input.video();
  if (!track) throw new Error(`${from} has no video track`);
  using decoder = await Decoder.create(track);
  using filter = FilterAPI.create(`scale=${width}:${height},setsar=1`, { framerate: track.avgFrameRate });
  using encoder = await Encoder.create(FF_ENCODER_LIBX264, {
    decoder,
    filter,
    context: { gopSize: KEYFRAME_EVERY },
    options: { preset: 'veryfast', crf: 23 },
  });
  await using output = await Muxer.open(to);
  const index = output.addStream(encoder);
  for await (using packet of encoder.packets(filter.frames(decoder.frames(input.packets(track.index))))) {
    if (packet) await output.writePacket(packet, index);
  }
}
