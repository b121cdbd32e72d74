/** Dice's coefficient of each label in two label maps: 1 where they are the same, 0 where they share nothing; not a number without voxels. */
export function diceByLabel(one: Uint8Array, other: Uint8Array, highest: number): Float64Array {
  const shared = new Float64Array(highest + 1);
  const sizes = new Float64Array(highest + 1);
  for (let at = 0; at < one.length; at++) {
    const [a, b] = [one[at] as number, other[at] as number];
    sizes[a] = (sizes[a] as number) + 1;
    sizes[b] = (sizes[b] as number) + 1;
    if (a === b) shared[a] = (shared[a] as number) + 1;
  }
  return shared.map((count, label) => (2 * count) / (sizes[label] as number));
}
