/** Takes back what made a table of numbers easier to compress: PNG's filters, or TIFF's differences of bytes. */
export function unpredict(
  bytes: Uint8Array,
  predictor: number,
  bitsPerPixel: number,
  columns: number,
): Uint8Array {
  if (predictor < 2) return bytes;
  const pixel = Math.max(1, bitsPerPixel >> 3);
  const row = Math.ceil((bitsPerPixel * columns) / 8);
  if (!(row > 0 && row < 1_000_000)) return bytes;
  if (predictor === 2) {
    const out = Uint8Array.from(bytes);
    for (let at = 0; at < out.length; at++) {
      if (at % row >= pixel) out[at] = ((out[at] as number) + (out[at - pixel] as number)) & 0xff;
    }
    return out;
  }
  const rows = Math.floor((bytes.length + row) / (row + 1));
  const out = new Uint8Array(rows * row);
  for (let index = 0; index < rows; index++) {
    const from = index * (row + 1);
    unfilterRow(
      bytes.subarray(from + 1, from + 1 + row),
      bytes[from] as number,
      out,
      index * row,
      row,
      pixel,
    );
  }
  return out;
}

function unfilterRow(
  line: Uint8Array,
  filter: number,
  out: Uint8Array,
  to: number,
  row: number,
  pixel: number,
): void {
  for (let x = 0; x < line.length; x++) {
    const left = x >= pixel ? (out[to + x - pixel] as number) : 0;
    const up = to >= row ? (out[to + x - row] as number) : 0;
    const corner = x >= pixel && to >= row ? (out[to + x - row - pixel] as number) : 0;
    const added = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
    out[to + x] = ((line[x] as number) + added) & 0xff;
  }
}

function paeth(left: number, up: number, corner: number): number {
  const [toLeft, toUp, toCorner] = [up - corner, left - corner, left + up - 2 * corner].map(Math.abs) as [
    number,
    number,
    number,
  ];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
