/**
 * What one frame costs at the least: CPU time of decoding it and of one run of the pose model, each alone, on
 * one thread. Run as a process of its own, so that nothing else is counted:
 * `node bench/cpu-per-frame.ts <clip> <model>` prints `{decode_ms, inference_ms}`.
 */
import { AVERROR_EAGAIN, AVERROR_EOF, AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import { Codec, CodecContext, FormatContext, Frame, Packet } from 'node-av/lib';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const SIDE = 192;
const WARM_UP = 20;
const INFERENCES = 300;

const [clip, model] = process.argv.slice(2);
if (!clip || !model) throw new Error('usage: node bench/cpu-per-frame.ts <clip> <model>');
const decode_ms = await decodeOnly(clip);
const inference_ms = await inferOnly(model);
process.stdout.write(`${JSON.stringify({ decode_ms, inference_ms })}\n`);

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

async function inferOnly(path: string): Promise<number> {
  const session = await InferenceSession.create(path, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const pixels = Int32Array.from({ length: SIDE * SIDE * 3 }, (_, at) => (at * 2_654_435_761) >>> 24);
  const feeds = { [session.inputNames[0] as string]: new Tensor('int32', pixels, [1, SIDE, SIDE, 3]) };
  for (let run = 0; run < WARM_UP; run++) await session.run(feeds);
  const before = process.cpuUsage();
  for (let run = 0; run < INFERENCES; run++) await session.run(feeds);
  return cpuMs(before) / INFERENCES;
}

function cpuMs(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
