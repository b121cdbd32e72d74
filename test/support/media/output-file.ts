import { AV_LOG_QUIET, AVIO_FLAG_WRITE } from 'node-av/constants';
import { FFmpegError, FormatContext, IOContext, Log } from 'node-av/lib';

/** A container being written. */
export interface OutputFile {
  format: FormatContext;
  /** After the streams were added. */
  begin(muxerOptions?: Record<string, string>): void;
  end(): void;
}

/**
 * Opens `path` for writing; its name's ending chooses the container. Options are set one by one here and in
 * the encoders: a `Dictionary` handed to a synchronous open is freed twice by this version of the binding.
 */
export function openOutputFile(path: string): OutputFile {
  Log.setLevel(AV_LOG_QUIET);
  const format = new FormatContext();
  check(format.allocOutputContext2(null, null, path), 'choosing a container');
  const file = new IOContext();
  check(file.open2Sync(path, AVIO_FLAG_WRITE), `opening ${path}`);
  format.pb = file;
  return {
    format,
    begin: (options = {}) => {
      for (const [option, value] of Object.entries(options)) {
        check(format.setOption(option, value), `setting ${option}`);
      }
      check(format.writeHeaderSync(), 'writing the header');
    },
    end: () => {
      check(format.writeTrailerSync(), 'writing the end');
      format.pb = null;
      file.closepSync();
      format.freeContext();
    },
  };
}

export function check(code: number, doing: string): void {
  if (code < 0) throw new Error(`${doing} failed: ${FFmpegError.strerror(code)}`);
}
