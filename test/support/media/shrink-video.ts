import { AV_PIX_FMT_RGB24, AVERROR_EAGAIN, AVERROR_EOF, AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import { Codec, CodecContext, FormatContext, Frame, Packet, SoftwareScaleContext } from 'node-av/lib';
import { encodeVideo } from './encode-video.ts';
import { check } from './output-file.ts';

/**
 * `node test/support/media/shrink-video.ts IN OUT WIDTH HEIGHT FPS KEYFRAME_EVERY`: encodes a sample with few pixels,
 * for tests to whom it does not matter how many there are. How `test/media/fixtures/small/` was made.
 */
const [from, to, ...numbers] = process.argv.slice(2);
const [width, height, fps, keyframeEvery] = numbers.map(Number);
if (!from || !to || !width || !height || !fps || !keyframeEvery) {
  throw new Error('usage: node test/support/media/shrink-video.ts IN OUT WIDTH HEIGHT FPS KEYFRAME_EVERY');
}

const pictures = decodeSmall(from, width, height);
encodeVideo(to, {
  width,
  height,
  times_s: { frames: pictures.length, fps },
  paint: (n) => pictures[n] as Uint8Array,
  keyframeEvery,
  encoderOptions: { preset: 'veryslow', crf: '27' },
});

/** RGB of every frame. */
function decodeSmall(path: string, width: number, height: number): Uint8Array[] {
  const format = new FormatContext();
  check(format.openInputSync(path), `opening ${path}`);
  check(format.findStreamInfoSync(null), `reading ${path}`);
  const index = format.findBestStream(AVMEDIA_TYPE_VIDEO);
  const track = format.streams[index];
  const codec = track && Codec.findDecoder(track.codecpar.codecId);
  if (!track || !codec) throw new Error(`no decoder for ${path}`);
  const decoder = new CodecContext();
  decoder.allocContext3(codec);
  decoder.parametersToContext(track.codecpar);
  check(decoder.open2Sync(codec), 'opening the decoder');
  const [packet, frame] = [new Packet(), new Frame()];
  packet.alloc();
  frame.alloc();
  const pictures: Uint8Array[] = [];
  for (let more = true; more; ) {
    packet.unref();
    more = format.readFrameSync(packet) >= 0;
    if (more && packet.streamIndex !== index) continue;
    check(decoder.sendPacketSync(more ? packet : null), 'decoding');
    for (;;) {
      const got = decoder.receiveFrameSync(frame);
      if (got === AVERROR_EAGAIN || got === AVERROR_EOF) break;
      check(got, 'decoding');
      pictures.push(scaled(frame, width, height));
    }
  }
  decoder.freeContext();
  format.closeInputSync();
  return pictures;
}

function scaled(frame: Frame, width: number, height: number): Uint8Array {
  using small = new Frame();
  small.alloc();
  [small.width, small.height, small.format] = [width, height, AV_PIX_FMT_RGB24];
  check(small.getBuffer(), 'allocating a frame');
  using scaler = new SoftwareScaleContext();
  scaler.allocContext();
  check(scaler.scaleFrameSync(small, frame), 'scaling a frame');
  return small.toBuffer();
}
