/** Dice's coefficient of one code in two label maps. */
export function diceOf(code: number, one: ArrayLike<number>, other: ArrayLike<number>): number {
  let [shared, sizes] = [0, 0];
  for (let at = 0; at < one.length; at++) {
    const [a, b] = [one[at] === code, other[at] === code];
    sizes += Number(a) + Number(b);
    if (a && b) shared++;
  }
  return (2 * shared) / sizes;
}
