import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { Dictionary, FormatContext, Packet } from 'node-av/lib';
import type { LiveAddress } from '../../live/address.ts';
import { type HlsReading, type ReadSegment, readHls } from '../../live/hls-reader.ts';
import { SourceAway } from '../../live/source-away.ts';
import { type LiveInput, openLiveTrack, timesOf } from './live-source.ts';

/** A segment is a file that was fetched before: FFmpeg opens no other, and reads no playlist. */
const options = {
  protocol_whitelist: 'file',
  format_whitelist: 'mpegts,mov,mp4,m4a,3gp,3g2,mj2',
  enable_drefs: '0',
};
/** Lets timers and messages through after so many packets. */
const breath = 50;

/** The packets of an HLS stream, segment after segment, until its playlist has ended. @throws SourceAway */
export async function* readHlsPackets(
  address: LiveAddress,
  folder: string,
  reading: HlsReading,
): AsyncGenerator<LiveInput> {
  let key: string | undefined;
  for await (const read of readHls(address, reading)) {
    reading.signal.throwIfAborted();
    if (read.segment.discontinuity) yield { kind: 'discontinuity' };
    const path = join(folder, 'segment');
    await writeFile(path, read.bytes);
    try {
      for await (const input of packetsOf(path, read)) {
        if (input.kind !== 'track') yield input;
        else if (input.track.key === key) input.track[Symbol.dispose]();
        else {
          key = input.track.key;
          yield input;
        }
      }
    } finally {
      await rm(path, { force: true });
    }
    yield { kind: 'position', position: read.position };
  }
}

async function* packetsOf(
  path: string,
  { segment, made_ms, source }: ReadSegment,
): AsyncGenerator<LiveInput> {
  const format = new FormatContext();
  const opened = await format.openInput(`file:${path}`, null, Dictionary.fromObject(options));
  if (opened < 0) throw new SourceAway('its segments are neither MPEG-TS nor MP4');
  using packet = new Packet();
  packet.alloc();
  try {
    await format.findStreamInfo(null);
    const { stream, track } = openLiveTrack(format);
    yield { kind: 'track', track };
    let first: number | null = null;
    for (let n = 0; format.readFrameSync(packet) >= 0; n++) {
      if (packet.streamIndex === stream.index) {
        const times = timesOf(packet, stream.timeBase);
        const at = times.pts_s ?? times.dts_s;
        first ??= at;
        const within = at === null || first === null ? 0 : at - first;
        yield {
          kind: 'packet',
          packet,
          ...times,
          clock: {
            arrived_s: performance.now() / 1000,
            arrived_ms: made_ms + within * 1000,
            said_ms: segment.programme_ms === null ? null : segment.programme_ms + within * 1000,
            source,
            source_s: within,
          },
        };
      }
      packet.unref();
      if (n % breath === breath - 1) await breathe();
    }
  } finally {
    await format.closeInput();
  }
}
