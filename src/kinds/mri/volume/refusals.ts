import { TooLarge, UnreadableMedia, UnsupportedMedia } from '../../../domain/errors.ts';

/** Says of a file, by its name, what is wrong with it and what to do. */
export class Refusals {
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  /** @param what continues a sentence that begins with the file's name */
  unreadable(what: string, remedy: string, options?: ErrorOptions): UnreadableMedia {
    return new UnreadableMedia(`${this.#name} ${what}. ${remedy}`, options);
  }

  unsupported(what: string, remedy: string): UnsupportedMedia {
    return new UnsupportedMedia(`${this.#name} ${what}. ${remedy}`);
  }

  tooLarge(what: string, remedy: string): TooLarge {
    return new TooLarge(`${this.#name} ${what}. ${remedy}`);
  }
}

/** What all voxels of a volume may take as they are stored: a head at 0.4 mm in floating point takes 0.7 GiB. */
export const MOST_VOXEL_BYTES = 1024 ** 3;
