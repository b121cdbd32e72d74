import { stat } from 'node:fs/promises';
import {
  AV_DISPOSITION_ATTACHED_PIC,
  AV_LOG_QUIET,
  AV_PKT_DATA_DISPLAYMATRIX,
  AVDISCARD_ALL,
  AVMEDIA_TYPE_VIDEO,
} from 'node-av/constants';
import { avGetCodecName, Codec, Dictionary, FFmpegError, FormatContext, Log, type Stream } from 'node-av/lib';
import { UnreadableMedia } from '../../domain/errors.ts';
import { videoFault } from '../../domain/our-words.ts';
import { demuxerOptions } from './demuxers.ts';
import { type Geometry, geometryOf } from './geometry.ts';

export interface OpenVideo extends AsyncDisposable {
  format: FormatContext;
  stream: Stream;
  decoder: Codec;
  codecName: string;
  geometry: Geometry;
  fileName: string;
}

/**
 * Opens the best video track of a local file.
 * @param fileName what the user called it, for messages
 * @throws UnreadableMedia when there is nothing to decode, saying what was found instead
 */
export async function openVideo(path: string, fileName: string): Promise<OpenVideo> {
  Log.setLevel(AV_LOG_QUIET);
  const { size } = await stat(path);
  if (size === 0) {
    throw new UnreadableMedia(
      `${fileName} is empty (0 bytes). The upload may have been cut off: upload it again.`,
    );
  }
  const format = new FormatContext();
  const opened = await format.openInput(`file:${path}`, null, Dictionary.fromObject(demuxerOptions));
  if (opened < 0) {
    const said = FFmpegError.strerror(opened);
    throw new UnreadableMedia(
      `${fileName} could not be opened as a video: ${videoFault(said)}. ` +
        'It is damaged, cut off before its index, or not a video. Export it again as MP4 and upload that.',
      { cause: new Error(said) },
    );
  }
  try {
    await format.findStreamInfo(null);
    return {
      ...chooseTrack(format, fileName),
      format,
      fileName,
      [Symbol.asyncDispose]: () => format.closeInput(),
    };
  } catch (error) {
    await format.closeInput();
    throw error;
  }
}

function chooseTrack(format: FormatContext, fileName: string) {
  const index = format.findBestStream(AVMEDIA_TYPE_VIDEO);
  const stream = index < 0 ? undefined : format.streams[index];
  if (!stream || (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) !== 0) {
    throw new UnreadableMedia(
      `${fileName} has no video track${format.nbStreams > 0 ? ', only sound or data' : ''}. Upload a recording with a picture.`,
    );
  }
  for (const other of format.streams) if (other.index !== index) other.discard = AVDISCARD_ALL;
  const par = stream.codecpar;
  const decoder = Codec.findDecoder(par.codecId);
  if (!decoder) {
    throw new UnreadableMedia(
      `${fileName} uses a video format that is not supported here. Export it as H.264 MP4.`,
    );
  }
  if (par.width <= 0 || par.height <= 0) {
    throw new UnreadableMedia(
      `${fileName} does not say how large its picture is; it was cut off or is damaged.`,
    );
  }
  const aspect = [stream.sampleAspectRatio, par.sampleAspectRatio].find(({ num, den }) => num > 0 && den > 0);
  const geometry = geometryOf(
    par.width,
    par.height,
    aspect ? aspect.num / aspect.den : 1,
    par.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX),
  );
  return { stream, decoder, codecName: avGetCodecName(par.codecId) ?? 'unknown', geometry };
}
