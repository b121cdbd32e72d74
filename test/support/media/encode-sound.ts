import { AV_CHANNEL_ORDER_NATIVE, AV_CODEC_FLAG_GLOBAL_HEADER, AV_SAMPLE_FMT_FLTP } from 'node-av/constants';
import { Codec, CodecContext, Frame, Packet, Rational } from 'node-av/lib';
import { check, openOutputFile } from './output-file.ts';

const RATE = 44_100;

/** A second of a tone as AAC, and nothing to see: an MP4 with sound only. */
export function encodeSoundOnly(out: string): void {
  const codec = Codec.findEncoderByName('aac' as never);
  if (!codec) throw new Error('no AAC encoder');
  const mono = { nbChannels: 1, order: AV_CHANNEL_ORDER_NATIVE, mask: 4n };
  const encoder = new CodecContext();
  encoder.allocContext3(codec);
  encoder.sampleRate = RATE;
  encoder.sampleFormat = AV_SAMPLE_FMT_FLTP;
  encoder.channelLayout = mono;
  encoder.timeBase = new Rational(1, RATE);
  encoder.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
  check(encoder.open2Sync(codec), 'opening AAC');
  const output = openOutputFile(out);
  const format = output.format;
  const stream = format.newStream();
  stream.codecpar.fromContext(encoder);
  stream.timeBase = new Rational(1, RATE);
  output.begin();
  const packet = new Packet();
  packet.alloc();
  const drain = () => {
    while (encoder.receivePacketSync(packet) >= 0) {
      packet.streamIndex = stream.index;
      check(format.interleavedWriteFrameSync(packet), 'writing a packet');
      packet.unref();
    }
  };
  for (let at = 0; at < RATE; at += encoder.frameSize) {
    const samples = Float32Array.from({ length: encoder.frameSize }, (_, i) =>
      Math.sin(((at + i) * 2 * Math.PI * 440) / RATE),
    );
    const frame = Frame.fromAudioBuffer(Buffer.from(samples.buffer), {
      nbSamples: encoder.frameSize,
      format: AV_SAMPLE_FMT_FLTP,
      sampleRate: RATE,
      channelLayout: mono,
      pts: BigInt(at),
    });
    check(encoder.sendFrameSync(frame), 'encoding sound');
    frame.free();
    drain();
  }
  encoder.sendFrameSync(null);
  drain();
  packet.free();
  output.end();
}
