import { expect, test } from '@jest/globals';
import { AV_PKT_FLAG_KEY } from 'node-av/constants';
import { Packet } from 'node-av/lib';
import {
  mostRingBytes,
  PacketRing,
  ringLength_s,
} from '../../../../src/kinds/camera/child/live/packet-ring.ts';

/** Frames, five a second, of which every fifth is a keyframe. */
function fill(
  ring: PacketRing,
  { from_s = 0, seconds, bytes = 100 }: { from_s?: number; seconds: number; bytes?: number },
) {
  using packet = new Packet();
  packet.alloc();
  for (let n = 0; n < seconds * 5; n++) {
    packet.data = Buffer.alloc(bytes);
    packet.flags = n % 5 === 0 ? AV_PKT_FLAG_KEY : (0 as never);
    const at_s = from_s + n / 5;
    ring.add({ packet, dts_s: at_s, pts_s: at_s });
  }
}

const timesOf = (ring: PacketRing, from_s: number) => ring.from(from_s).map(({ pts_s }) => pts_s);

test('it gives what is needed from a time on, from the keyframe before', () => {
  using ring = new PacketRing();
  fill(ring, { seconds: 3 });
  expect(timesOf(ring, 1.5)).toEqual(
    [1, 1.2, 1.4, 1.6, 1.8, 2, 2.2, 2.4, 2.6, 2.8].map((at) => expect.closeTo(at)),
  );
  expect(timesOf(ring, -5)[0]).toBe(0);
});

test('it keeps its length, and no more bytes than it may', () => {
  using ring = new PacketRing();
  fill(ring, { seconds: 3 * ringLength_s });
  const kept = timesOf(ring, 0);
  expect(kept.at(-1)).toBeCloseTo(3 * ringLength_s - 0.2);
  expect(kept[0]).toBeGreaterThanOrEqual(2 * ringLength_s - 0.3);
  expect(kept[0]).toBeLessThan(2 * ringLength_s + 1);
  fill(ring, { from_s: 3 * ringLength_s, seconds: 20, bytes: mostRingBytes / 50 });
  expect(ring.from(0).reduce((sum, { packet }) => sum + packet.size, 0)).toBeLessThanOrEqual(mostRingBytes);
});

test('it begins with a keyframe, always', () => {
  using ring = new PacketRing();
  using packet = new Packet();
  packet.alloc();
  packet.data = Buffer.alloc(10);
  ring.add({ packet, dts_s: 0, pts_s: 0 });
  expect(ring.from(0)).toEqual([]);
  // A single group of pictures that is too long: nothing of it can be kept.
  packet.data = Buffer.alloc(mostRingBytes / 4);
  packet.flags = AV_PKT_FLAG_KEY;
  ring.add({ packet, dts_s: 1, pts_s: 1 });
  packet.flags = 0 as never;
  for (let n = 2; n < 8; n++) ring.add({ packet, dts_s: n, pts_s: n });
  expect(ring.from(0)).toEqual([]);
});
