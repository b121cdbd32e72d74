import { AV_PKT_DATA_PRFT, AVERROR_EAGAIN } from 'node-av/constants';
import { Dictionary, FormatContext, Packet } from 'node-av/lib';
import type { LiveAddress } from '../../live/address.ts';
import { openRtspRelay } from '../../live/rtsp-relay.ts';
import { SourceAway } from '../../live/source-away.ts';
import { type LiveInput, openLiveTrack, timesOf } from './live-source.ts';

/** Damaged packets that are passed over before a connection is given up. */
const mostErrors = 200;

/**
 * FFmpeg reads from the relay and has no other way: no other demuxer than RTSP's, no other protocol than TCP, so that a
 * stream can neither name files nor have itself sent elsewhere. Sound is not asked for.
 */
const options = (patience_s: number) => ({
  rtsp_transport: 'tcp',
  protocol_whitelist: 'tcp',
  format_whitelist: 'rtsp',
  allowed_media_types: 'video',
  timeout: String(patience_s * 1e6),
  // Opening waits no longer than the picture's size needs: the frame rate is seen from the frames.
  fpsprobesize: '0',
  analyzeduration: '1000000',
});

/** The packets of an RTSP camera until its stream ends. @throws SourceAway */
export async function* readRtsp(
  address: LiveAddress,
  reading: { allowPrivate: boolean; patience_s: number; signal: AbortSignal },
): AsyncGenerator<LiveInput> {
  await using relay = await openRtspRelay(address, reading);
  const { patience_s, signal } = reading;
  const { username, password, pathname, search } = address.url;
  const login = username === '' && password === '' ? '' : `${username}:${password}@`;
  const format = new FormatContext();
  const away = (otherwise: string) => new SourceAway(relay.why() ?? otherwise);
  const inTime = async (work: Promise<number>) => {
    const timer = setTimeout(() => relay.end(`nothing came for ${patience_s} s`), patience_s * 1000);
    try {
      return await work;
    } finally {
      clearTimeout(timer);
    }
  };
  const opened = await inTime(
    format.openInput(
      `rtsp://${login}127.0.0.1:${relay.port}${pathname}${search}`,
      null,
      Dictionary.fromObject(options(patience_s)),
    ),
  );
  if (opened < 0) throw away('it does not answer as a camera does');
  using packet = new Packet();
  packet.alloc();
  try {
    await inTime(format.findStreamInfo(null));
    const { stream, track } = openLiveTrack(format);
    yield { kind: 'track', track };
    const source = `rtsp:${new Date().toISOString()}`;
    for (let errors = 0; ; ) {
      packet.unref();
      const read = await inTime(format.readFrame(packet));
      signal.throwIfAborted();
      if (read === AVERROR_EAGAIN) continue;
      // FFmpeg calls the end of a stream by many names.
      if (read < 0 && (relay.ended() || ++errors > mostErrors)) throw away('the stream ended');
      if (read < 0 || packet.streamIndex !== stream.index) continue;
      const said = packet.getSideData(AV_PKT_DATA_PRFT);
      yield {
        kind: 'packet',
        packet,
        ...timesOf(packet, stream.timeBase),
        clock: {
          arrived_s: performance.now() / 1000,
          arrived_ms: Date.now(),
          said_ms: said && said.length >= 8 ? Number(said.readBigInt64LE(0) / 1000n) : null,
          source,
          source_s: 0,
        },
      };
    }
  } finally {
    await format.closeInput();
  }
}
