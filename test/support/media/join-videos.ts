import { AV_NOPTS_VALUE, AVERROR_EOF, AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import { FormatContext, Packet, type Stream } from 'node-av/lib';
import { check, openOutputFile } from './output-file.ts';

/**
 * Plays the video tracks of `paths` one after another into `out`, `most` frames of them, without encoding anew: the
 * packets are copied, later ones with later times, and what the first file says of its track stands for all. Sound
 * is left out.
 */
export function joinVideos(paths: Iterable<string>, out: string, most = Number.POSITIVE_INFINITY): void {
  const output = openOutputFile(out);
  const target = output.format.newStream();
  const packet = new Packet();
  packet.alloc();
  let written = 0;
  let shift = 0n;
  for (const path of paths) {
    if (written >= most) break;
    const { from, source } = openTrack(path);
    if (written === 0) {
      source.codecpar.copy(target.codecpar);
      target.codecpar.codecTag = 0;
      target.timeBase = source.timeBase;
      target.sampleAspectRatio = source.sampleAspectRatio;
      output.begin();
    }
    let end = 0n;
    for (let read = from.readFrameSync(packet); read !== AVERROR_EOF; read = from.readFrameSync(packet)) {
      check(read, `reading ${path}`);
      if (packet.streamIndex === source.index && written < most) {
        const time = packet.pts === AV_NOPTS_VALUE ? packet.dts : packet.pts;
        if (time + packet.duration > end) end = time + packet.duration;
        if (packet.pts !== AV_NOPTS_VALUE) packet.pts += shift;
        if (packet.dts !== AV_NOPTS_VALUE) packet.dts += shift;
        packet.streamIndex = target.index;
        packet.rescaleTs(source.timeBase, target.timeBase);
        packet.pos = -1n;
        check(output.format.interleavedWriteFrameSync(packet), 'writing a packet');
        written++;
      }
      packet.unref();
    }
    shift += end;
    from.closeInputSync();
  }
  packet.free();
  output.end();
}

function openTrack(path: string): { from: FormatContext; source: Stream } {
  const from = new FormatContext();
  check(from.openInputSync(path), `opening ${path}`);
  check(from.findStreamInfoSync(null), `reading ${path}`);
  const source = from.streams[from.findBestStream(AVMEDIA_TYPE_VIDEO)];
  if (!source) throw new Error(`${path} has no video track`);
  return { from, source };
}
