/**
 * Solves a system of linear equations by Gaussian elimination with pivots.
 * @param rows each with its right side as the last value; they are changed
 */
export function solve(rows: Float64Array[]): number[] {
  const count = rows.length;
  // What nothing determines stays near 0.
  const ridge = 1e-9 * Math.max(...rows.map((row, at) => row[at] as number));
  rows.forEach((row, at) => {
    row[at] = (row[at] as number) + ridge;
  });
  for (let column = 0; column < count; column++) {
    let pivot = column;
    for (let row = column + 1; row < count; row++) {
      if (Math.abs(rows[row]?.[column] ?? 0) > Math.abs(rows[pivot]?.[column] ?? 0)) pivot = row;
    }
    [rows[column], rows[pivot]] = [rows[pivot] as Float64Array, rows[column] as Float64Array];
    const line = rows[column] as Float64Array;
    for (let row = 0; row < count; row++) {
      if (row === column) continue;
      const other = rows[row] as Float64Array;
      const factor = (other[column] as number) / (line[column] as number);
      for (let at = column; at <= count; at++) {
        other[at] = (other[at] as number) - factor * (line[at] as number);
      }
    }
  }
  return rows.map((row, at) => (row[count] as number) / (row[at] as number));
}
