import {
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_YUV420P,
  AV_PKT_DATA_DISPLAYMATRIX,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVFMT_GLOBALHEADER,
  type AVPixelFormat,
} from 'node-av/constants';
import {
  Codec,
  CodecContext,
  type FormatContext,
  Frame,
  Packet,
  Rational,
  SoftwareScaleContext,
} from 'node-av/lib';
import { check, openOutputFile } from './output-file.ts';

/** Ticks a second of all timestamps made here: whole for every usual frame rate. */
const TICKS = 90_000;

export interface VideoRecipe {
  width: number;
  height: number;
  /** Presentation times in seconds, ascending; or so many frames at a rate. */
  times_s: number[] | { frames: number; fps: number };
  /** RGB of frame `n`, width × height × 3; a moving gradient unless told. */
  paint?: (n: number) => Uint8Array;
  /** FFmpeg's name of the encoder; `libx264` unless told. */
  encoder?: string;
  encoderOptions?: Record<string, string>;
  pixelFormat?: AVPixelFormat;
  /** Frames from one keyframe to the next; 12 unless told. */
  keyframeEvery?: number;
  bFrames?: number;
  /** Clockwise quarter turns the player must make, written as the container's display matrix. */
  rotation_deg?: 0 | 90 | 180 | 270;
  /** Width of a pixel over its height. */
  pixelAspect?: [number, number];
  muxerOptions?: Record<string, string>;
}

/** Encodes a video to `out`; its name's ending chooses the container. */
export function encodeVideo(out: string, recipe: VideoRecipe): void {
  const { width, height } = recipe;
  const times = timesOf(recipe.times_s);
  const output = openOutputFile(out);
  const format = output.format;
  const encoder = openEncoder(recipe, format);
  const stream = format.newStream();
  stream.codecpar.fromContext(encoder);
  stream.timeBase = new Rational(1, TICKS);
  if (recipe.pixelAspect) {
    stream.sampleAspectRatio = new Rational(...recipe.pixelAspect);
    stream.codecpar.sampleAspectRatio = new Rational(...recipe.pixelAspect);
  }
  if (recipe.rotation_deg) {
    stream.codecpar.addCodedSideData(
      AV_PKT_DATA_DISPLAYMATRIX,
      displayMatrix(recipe.rotation_deg, width, height),
    );
  }
  output.begin(recipe.muxerOptions);

  const packet = new Packet();
  packet.alloc();
  const rate = Array.isArray(recipe.times_s) ? 30 : recipe.times_s.fps;
  const lasting = BigInt(Math.round(encoder.timeBase.den / encoder.timeBase.num / rate));
  const drain = () => {
    while (encoder.receivePacketSync(packet) >= 0) {
      packet.streamIndex = stream.index;
      // Without it an MP4's last frame lasts no time, and players leave it out.
      packet.duration ||= lasting;
      packet.rescaleTs(encoder.timeBase, stream.timeBase);
      check(format.interleavedWriteFrameSync(packet), 'writing a packet');
      packet.unref();
    }
  };
  const toEncoder = painter(recipe);
  for (const [n, time] of times.entries()) {
    const frame = toEncoder(n);
    frame.pts = BigInt(Math.round((time * encoder.timeBase.den) / encoder.timeBase.num));
    check(encoder.sendFrameSync(frame), 'encoding a frame');
    frame.free();
    drain();
  }
  encoder.sendFrameSync(null);
  drain();
  packet.free();
  encoder.freeContext();
  output.end();
}

function timesOf(times: VideoRecipe['times_s']): number[] {
  return Array.isArray(times) ? times : Array.from({ length: times.frames }, (_, n) => n / times.fps);
}

function openEncoder(recipe: VideoRecipe, format: FormatContext): CodecContext {
  const name = recipe.encoder ?? 'libx264';
  const codec = Codec.findEncoderByName(name as never);
  if (!codec) throw new Error(`no encoder is named ${name}`);
  const context = new CodecContext();
  context.allocContext3(codec);
  context.width = recipe.width;
  context.height = recipe.height;
  context.pixelFormat = recipe.pixelFormat ?? AV_PIX_FMT_YUV420P;
  const rate = Array.isArray(recipe.times_s) ? 30 : recipe.times_s.fps;
  // MPEG-4 and MPEG-2 take no finer clock than the frame rate allows.
  context.timeBase = new Rational(1, name.startsWith('mpeg') ? rate : TICKS);
  context.framerate = new Rational(rate, 1);
  context.gopSize = recipe.keyframeEvery ?? 12;
  context.maxBFrames = recipe.bFrames ?? 0;
  context.threadCount = 1;
  context.colorSpace = AVCOL_SPC_BT709;
  context.colorRange = AVCOL_RANGE_MPEG;
  if (recipe.pixelAspect) context.sampleAspectRatio = new Rational(...recipe.pixelAspect);
  if (format.oformat?.hasFlags(AVFMT_GLOBALHEADER)) context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
  const fast = name === 'libx264' || name === 'libx265' ? { preset: 'ultrafast' } : {};
  const quiet = name === 'libx265' ? { 'x265-params': 'log-level=none' } : {};
  for (const [option, value] of Object.entries({ ...fast, ...quiet, ...recipe.encoderOptions })) {
    check(context.setOption(option, value), `setting ${option}`);
  }
  check(context.open2Sync(codec), `opening ${name}`);
  return context;
}

/** Paints frames and converts them from RGB to what the encoder takes. */
function painter({
  width,
  height,
  paint,
  pixelFormat = AV_PIX_FMT_YUV420P,
}: VideoRecipe): (n: number) => Frame {
  const paintOne = paint ?? ((n: number) => gradient(width, height, n));
  return (n) => {
    const rgb = Frame.fromVideoBuffer(Buffer.from(paintOne(n)), { width, height, format: AV_PIX_FMT_RGB24 });
    const frame = new Frame();
    frame.alloc();
    frame.width = width;
    frame.height = height;
    frame.format = pixelFormat;
    frame.colorSpace = AVCOL_SPC_BT709;
    frame.colorRange = AVCOL_RANGE_MPEG;
    check(frame.getBuffer(), 'allocating a frame');
    using scaler = new SoftwareScaleContext();
    scaler.allocContext();
    check(scaler.scaleFrameSync(frame, rgb), 'converting a frame');
    rgb.free();
    return frame;
  };
}

/** A diagonal gradient that moves, so that frames differ and compress well. */
export function gradient(width: number, height: number, n: number): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      rgb[o++] = (x + n * 4) & 255;
      rgb[o++] = (y + n * 2) & 255;
      rgb[o++] = (x + y) & 255;
    }
  }
  return rgb;
}

/** FFmpeg's `a b u c d v x y w` for a clockwise turn; 16.16 fixed point, the last column 2.30. */
function displayMatrix(clockwise: number, width: number, height: number): Buffer {
  const [a, b, c, d, x, y] = (
    {
      90: [0, 1, -1, 0, height, 0],
      180: [-1, 0, 0, -1, width, height],
      270: [0, -1, 1, 0, 0, width],
    } as const
  )[clockwise as 90 | 180 | 270];
  const cells = [a * 65536, b * 65536, 0, c * 65536, d * 65536, 0, x * 65536, y * 65536, 1 << 30];
  const matrix = Buffer.alloc(36);
  for (const [n, cell] of cells.entries()) matrix.writeInt32LE(cell, n * 4);
  return matrix;
}
