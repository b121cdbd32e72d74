import { AbstractTokenizer, EndOfStreamError, type IReadChunkOptions } from 'strtok3/core';

/** Bytes of a file from `start` up to, without, `end`; null when they cannot be had. */
export type ReadBytes = (start: number, end: number) => Promise<Uint8Array | null>;

/**
 * What `file-type` reads a file by, wherever its directory says that something lies. What cannot be had is an end of
 * the file to it: an error would be thrown within streams of its own, where nobody catches it.
 */
export class PartialFile extends AbstractTokenizer {
  readonly fileInfo: { size: number };
  readonly #read: ReadBytes;

  constructor(size: number, read: ReadBytes) {
    super();
    this.fileInfo = { size };
    this.#read = read;
  }

  override supportsRandomAccess(): boolean {
    return true;
  }

  setPosition(position: number): void {
    this.position = position;
  }

  override async peekBuffer(target: Uint8Array, options?: IReadChunkOptions): Promise<number> {
    const { position, length, mayBeLess } = this.normalizeOptions(target, options);
    const end = Math.min(position + length, this.fileInfo.size);
    const bytes = end > position ? await this.#read(position, end) : null;
    if (bytes) target.set(bytes);
    const got = bytes?.length ?? 0;
    if (got < length && !mayBeLess) throw new EndOfStreamError();
    return got;
  }

  override async readBuffer(target: Uint8Array, options?: IReadChunkOptions): Promise<number> {
    const { position } = this.normalizeOptions(target, options);
    const got = await this.peekBuffer(target, options);
    this.position = position + got;
    return got;
  }
}
