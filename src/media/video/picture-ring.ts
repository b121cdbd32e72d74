import { Frame } from 'node-av/lib';
import type { Geometry } from './geometry.ts';
import { type Picture, pictureOf, readsInPlace } from './picture.ts';

interface Slot {
  frame: Frame;
  picture: Picture;
  layout: string;
}

/**
 * Copies of decoded frames in memory that is used again and again. A view of a decoder's own memory would be new
 * with each frame, and megabytes behind each make the garbage collector run as if the heap were full: copying
 * costs less.
 */
export class PictureRing implements Disposable {
  readonly #slots: (Slot | null)[];
  #turn = 0;

  /** @param size pictures that stay whole while as many more are taken in, less one */
  constructor(size: number) {
    this.#slots = Array.from({ length: size }, () => null);
  }

  /** The frame's picture; the frame itself may be overwritten then. */
  takeIn(frame: Frame, geometry: Geometry): Picture {
    // Converting one makes memory of its own.
    if (!readsInPlace(frame)) return pictureOf(frame, geometry);
    const slot = this.#slotFor(frame, geometry);
    if (slot.frame.copy(frame) < 0) throw new Error('a decoded frame could not be copied');
    return slot.picture;
  }

  #slotFor(frame: Frame, geometry: Geometry): Slot {
    const { format, width, height, colorSpace, colorRange } = frame;
    const layout = [format, width, height, colorSpace, colorRange].join();
    const at = this.#turn;
    this.#turn = (at + 1) % this.#slots.length;
    const known = this.#slots[at];
    if (known?.layout === layout) return known;
    known?.frame.free();
    const own = new Frame();
    own.alloc();
    Object.assign(own, { format, width, height, colorSpace, colorRange });
    if (own.getBuffer() < 0) throw new Error('out of memory for a decoded frame');
    const slot = { frame: own, picture: pictureOf(own, geometry), layout };
    this.#slots[at] = slot;
    return slot;
  }

  [Symbol.dispose](): void {
    for (const slot of this.#slots) slot?.frame.free();
  }
}
