/**
 * Solves a square system by Gaussian elimination with partial pivoting; null where it has no single solution.
 * @param rows each row's coefficients followed by its right side; changed in place
 */
export function solveLinear(rows: number[][]): number[] | null {
  const n = rows.length;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++) {
      if (Math.abs(cell(rows, row, column)) > Math.abs(cell(rows, pivot, column))) pivot = row;
    }
    if (Math.abs(cell(rows, pivot, column)) < 1e-12) return null;
    const swapped = rows[pivot] as number[];
    rows[pivot] = rows[column] as number[];
    rows[column] = swapped;
    for (let row = column + 1; row < n; row++) {
      const factor = cell(rows, row, column) / cell(swapped, column);
      const target = rows[row] as number[];
      for (let at = column; at <= n; at++) target[at] = cell(target, at) - factor * cell(swapped, at);
    }
  }
  const solution = new Array<number>(n).fill(0);
  for (let row = n - 1; row >= 0; row--) {
    let rest = cell(rows, row, n);
    for (let at = row + 1; at < n; at++) rest -= cell(rows, row, at) * (solution[at] as number);
    solution[row] = rest / cell(rows, row, row);
  }
  return solution;
}

function cell(rows: number[][], row: number, column: number): number;
function cell(row: number[], column: number): number;
function cell(from: number[] | number[][], first: number, second?: number): number {
  const found = from[first];
  return (typeof found === 'number' ? found : (found as number[])[second as number]) as number;
}
