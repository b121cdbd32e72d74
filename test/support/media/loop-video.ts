import { AV_NOPTS_VALUE, AVERROR_EOF, AVMEDIA_TYPE_VIDEO, AVSEEK_FLAG_BACKWARD } from 'node-av/constants';
import { FormatContext, Packet } from 'node-av/lib';
import { check, openOutputFile } from './output-file.ts';

/**
 * Plays the video track of `path` again and again into `out`, `frames` frames or `times` times, without
 * encoding anew: the packets are copied, later ones with later times. Sound is left out.
 */
export function loopVideo(path: string, length: { frames: number } | { times: number }, out: string): void {
  const from = new FormatContext();
  check(from.openInputSync(path), `opening ${path}`);
  check(from.findStreamInfoSync(null), `reading ${path}`);
  const source = from.streams[from.findBestStream(AVMEDIA_TYPE_VIDEO)];
  if (!source) throw new Error(`${path} has no video track`);
  const output = openOutputFile(out);
  const to = output.format;
  const target = to.newStream();
  source.codecpar.copy(target.codecpar);
  target.codecpar.codecTag = 0;
  target.timeBase = source.timeBase;
  target.sampleAspectRatio = source.sampleAspectRatio;
  output.begin();

  const packet = new Packet();
  packet.alloc();
  const wanted = 'frames' in length ? length.frames : Number.POSITIVE_INFINITY;
  const rounds = 'times' in length ? length.times : Number.POSITIVE_INFINITY;
  let written = 0;
  let shift = 0n;
  for (let round = 0; round < rounds && written < wanted; round++) {
    let end = 0n;
    for (let read = from.readFrameSync(packet); read !== AVERROR_EOF; read = from.readFrameSync(packet)) {
      check(read, `reading ${path}`);
      if (packet.streamIndex === source.index && written < wanted) {
        const time = packet.pts === AV_NOPTS_VALUE ? packet.dts : packet.pts;
        if (time + packet.duration > end) end = time + packet.duration;
        if (packet.pts !== AV_NOPTS_VALUE) packet.pts += shift;
        if (packet.dts !== AV_NOPTS_VALUE) packet.dts += shift;
        packet.streamIndex = target.index;
        packet.rescaleTs(source.timeBase, target.timeBase);
        packet.pos = -1n;
        check(to.interleavedWriteFrameSync(packet), 'writing a packet');
        written++;
      }
      packet.unref();
    }
    shift += end;
    check(from.seekFrameSync(source.index, 0n, AVSEEK_FLAG_BACKWARD), `going back in ${path}`);
  }
  packet.free();
  output.end();
  from.closeInputSync();
}
