import { readFileSync } from 'node:fs';
import type { Interval } from '../../../src/kinds/camera/analysis/score-events.ts';
import { copyOf, type Picture } from '../../../src/media/video/picture.ts';
import { FrameReader } from '../../../src/media/video/read-frames.ts';
import { samplePath } from '../media/shipped.ts';

const clips = new URL('../../kinds/camera/clips/', import.meta.url);
/** Frames at the beginning that are kept: scenes with nobody there show them again and again. */
const KEPT = 60;

/** When something is there, in a clip that has `<name>.intervals.json`. */
export function truthOf(name: string): Interval[] {
  const { intervals } = JSON.parse(readFileSync(new URL(`${name}.intervals.json`, clips), 'utf8'));
  return intervals.map(({ start_s, end_s }: Interval) => ({ start_s, end_s }));
}

export function clipPath(file: string): string {
  return file.startsWith('people') ? samplePath(file) : new URL(file, clips).pathname;
}

/** Frames of a clip by their number; numbers may go back only to the first of them. */
export class ClipPictures implements AsyncDisposable {
  readonly #path: string;
  readonly #kept: Picture[] = [];
  #reader: FrameReader | null = null;
  #frames: ReturnType<FrameReader['segment']> | null = null;
  #next = 0;
  #last: { number: number; picture: Picture } | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  async at(number: number): Promise<Picture> {
    const kept = this.#kept[number];
    if (kept) return kept;
    if (this.#last?.number === number) return this.#last.picture;
    if (number < this.#next) await this.rewind();
    for (;;) {
      const picture = await this.#read();
      if (this.#next > number) return picture;
    }
  }

  async rewind(): Promise<void> {
    await this.#frames?.return(undefined);
    await this.#reader?.[Symbol.asyncDispose]();
    this.#reader = null;
    this.#next = 0;
  }

  async #read(): Promise<Picture> {
    if (!this.#reader) {
      this.#reader = await FrameReader.open(
        { path: this.#path, fileName: 'clip', limits: { pixels: 1e8 } },
        () => {},
      );
      this.#frames = this.#reader.segment(0, Number.POSITIVE_INFINITY);
    }
    const found = await this.#frames?.next();
    if (!found || found.done) throw new Error(`the clip has no frame ${this.#next}`);
    const number = this.#next++;
    const { picture } = found.value;
    if (number < KEPT && !this.#kept[number]) this.#kept[number] = copyOf(picture);
    this.#last = { number, picture };
    return picture;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.rewind();
  }
}
