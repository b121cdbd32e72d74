/**
 * What one frame costs at the least: CPU time of decoding it and of one run of each model, each alone, on
 * one thread. Run as a process of its own, so that nothing else is counted:
 * `node bench/cpu-per-frame.ts <clip> <pose model> <detector>` prints `{decode_ms, pose_ms,
 * loaded_pose_ms, detector_ms}`: models as their files have them, and the pose model as it is when loaded.
 */
import { readFile } from 'node:fs/promises';
import { AVERROR_EAGAIN, AVERROR_EOF, AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import { Codec, CodecContext, FormatContext, Frame, Packet } from 'node-av/lib';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { readOnnx, writeOnnx } from '../src/media/models/graph/onnx-format.ts';
import { preparePose } from '../src/media/models/pose-model.ts';

const [clip, pose, detector] = process.argv.slice(2);
if (!clip || !pose || !detector) {
  throw new Error('usage: node bench/cpu-per-frame.ts <clip> <pose model> <detector>');
}
const decode_ms = await decodeOnly(clip);
const pose_ms = await inferOnly(await readFile(pose), { type: 'int32', side: 192, runs: 300 });
const model = readOnnx(await readFile(pose));
preparePose(model);
const loaded_pose_ms = await inferOnly(writeOnnx(model), { type: 'float32', side: 192, runs: 300 });
const detector_ms = await inferOnly(await readFile(detector), { type: 'float32', side: 512, runs: 40 });
process.stdout.write(`${JSON.stringify({ decode_ms, pose_ms, loaded_pose_ms, detector_ms })}\n`);

async function decodeOnly(path: string): Promise<number> {
  await using format = new FormatContext();
  if ((await format.openInput(path)) < 0) throw new Error(`cannot open ${path}`);
  await format.findStreamInfo(null);
  const index = format.findBestStream(AVMEDIA_TYPE_VIDEO);
  const track = format.streams[index];
  const codec = track && Codec.findDecoder(track.codecpar.codecId);
  if (!track || !codec) throw new Error(`no decoder for ${path}`);
  using decoder = new CodecContext();
  decoder.allocContext3(codec);
  decoder.parametersToContext(track.codecpar);
  decoder.threadCount = 1;
  decoder.open2Sync(codec);
  using packet = new Packet();
  packet.alloc();
  using frame = new Frame();
  frame.alloc();
  let frames = 0;
  const before = process.cpuUsage();
  for (let more = true; more; ) {
    packet.unref();
    more = format.readFrameSync(packet) >= 0;
    if (more && packet.streamIndex !== index) continue;
    decoder.sendPacketSync(more ? packet : null);
    for (;;) {
      const got = decoder.receiveFrameSync(frame);
      if (got === AVERROR_EAGAIN || got === AVERROR_EOF || got < 0) break;
      frames++;
    }
  }
  return cpuMs(before) / frames;
}

async function inferOnly(
  file: Uint8Array,
  { type, side, runs }: { type: 'int32' | 'float32'; side: number; runs: number },
): Promise<number> {
  const session = await InferenceSession.create(file, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const pixels = Int32Array.from({ length: side * side * 3 }, (_, at) => (at * 2_654_435_761) >>> 24);
  const data = type === 'int32' ? pixels : Float32Array.from(pixels);
  const feeds = { [session.inputNames[0] as string]: new Tensor(type, data, [1, side, side, 3]) };
  for (let run = 0; run < runs / 10; run++) await session.run(feeds);
  const before = process.cpuUsage();
  for (let run = 0; run < runs; run++) await session.run(feeds);
  return cpuMs(before) / runs;
}

function cpuMs(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
