import type { Packet } from 'node-av/lib';
import { isKey } from '../../../../media/video/clock.ts';

/** A packet with its times on the line of its connection, seconds. */
export interface KeptPacket {
  packet: Packet;
  dts_s: number;
  pts_s: number;
}

/** So much of the video is kept, whichever is less: for the clip of an event that begins soon. */
export const ringLength_s = 120;
export const mostRingBytes = 64 * 2 ** 20;

/** The last of a live source's video, as it was sent; it begins with a keyframe. */
export class PacketRing implements Disposable {
  #kept: (KeptPacket & { key: boolean; bytes: number })[] = [];
  #bytes = 0;

  /** Keeps a reference; the packet itself may be used again. */
  add({ packet, dts_s, pts_s }: KeptPacket): void {
    const key = isKey(packet);
    if (!key && this.#kept.length === 0) return;
    const own = packet.clone();
    if (!own) throw new Error('out of memory for a packet');
    this.#kept.push({ packet: own, dts_s, pts_s, key, bytes: packet.size });
    this.#bytes += packet.size;
    while (this.#isTooMuch(dts_s)) this.#dropFirst();
  }

  /** What is kept from the last keyframe at or before a time on, or from the first that is kept. */
  from(time_s: number): readonly KeptPacket[] {
    const at = this.#kept.findLastIndex(({ key, pts_s }) => key && pts_s <= time_s);
    return this.#kept.slice(Math.max(0, at));
  }

  clear(): void {
    for (const { packet } of this.#kept) packet.free();
    this.#kept = [];
    this.#bytes = 0;
  }

  [Symbol.dispose](): void {
    this.clear();
  }

  #isTooMuch(now_s: number): boolean {
    const [first] = this.#kept;
    return first !== undefined && (now_s - first.dts_s > ringLength_s || this.#bytes > mostRingBytes);
  }

  /** With all that cannot be decoded without it. */
  #dropFirst(): void {
    const next = this.#kept.findIndex(({ key }, n) => n > 0 && key);
    for (const { packet, bytes } of this.#kept.splice(0, next < 0 ? this.#kept.length : next)) {
      packet.free();
      this.#bytes -= bytes;
    }
  }
}
