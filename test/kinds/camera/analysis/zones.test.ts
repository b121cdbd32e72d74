import { expect, test } from '@jest/globals';
import { isInside, withoutHidden, zonesOf } from '../../../../src/kinds/camera/analysis/zones.ts';
import type { Polygon } from '../../../../src/kinds/camera/events/camera.ts';

const left: Polygon = [
  [0, 0],
  [0.5, 0],
  [0.5, 1],
  [0, 1],
];
const floor: Polygon = [
  [0, 0.6],
  [1, 0.6],
  [1, 1],
  [0, 1],
];
/** The letter L: its inner corner is outside. */
const bent: Polygon = [
  [0, 0],
  [0.2, 0],
  [0.2, 0.8],
  [1, 0.8],
  [1, 1],
  [0, 1],
];
const zones = [
  { name: 'left', polygon: left },
  { name: 'floor', polygon: floor },
];
const person = (x: number, y: number) => ({
  label: 'person',
  confidence: 0.8,
  box: { x, y, width: 0.1, height: 0.4 },
});
const everywhere = { x: 0, y: 0, width: 1, height: 1 };

test.each([
  [bent, 0.1, 0.5, true],
  [bent, 0.5, 0.5, false],
  [bent, 0.5, 0.9, true],
  [left, 0.49, 0.5, true],
  [left, 0.51, 0.5, false],
])('a point is inside or not', (polygon, x, y, inside) => {
  expect(isInside(polygon, x, y)).toBe(inside);
});

test('a thing is in the zone that it stands in, not in the one that its head reaches into', () => {
  expect(zonesOf(zones, [person(0.2, 0.1)], everywhere)).toEqual(['left']);
  expect(zonesOf(zones, [person(0.7, 0.5)], everywhere)).toEqual(['floor']);
  expect(zonesOf(zones, [person(0.7, 0.1)], everywhere)).toEqual([]);
  expect(zonesOf(zones, [person(0.7, 0.5), person(0.2, 0.1)], everywhere)).toEqual(['left', 'floor']);
});

test('where nothing was recognised, it is the place of the motion that counts', () => {
  expect(zonesOf(zones, [], { x: 0.1, y: 0.1, width: 0.1, height: 0.1 })).toEqual(['left']);
});

test('what stands where the picture is painted out is not told of', () => {
  expect(withoutHidden([person(0.2, 0.1), person(0.7, 0.5)], [left])).toEqual([person(0.7, 0.5)]);
});
