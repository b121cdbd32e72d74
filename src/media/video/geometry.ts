/**
 * How coded pixels lie on the display: rotation and mirroring from the container's display matrix, and the
 * shape of a pixel. Rotations are taken to the nearest quarter turn.
 */
export interface Geometry {
  coded_width: number;
  coded_height: number;
  /** After rotation and with square pixels. */
  width: number;
  height: number;
  /** Clockwise, 0, 90, 180 or 270. */
  rotation_deg: number;
  /** Width of a coded pixel over its height. */
  pixel_aspect: number;
  /** The coded x axis runs along the display's y axis. */
  transposed: boolean;
  /** The coded x (or y) axis runs against the display axis it lies on. */
  flip_x: boolean;
  flip_y: boolean;
}

/**
 * @param displayMatrix 3×3 in FFmpeg's layout `a b u c d v x y w`, little-endian int32 (16.16 fixed), or null
 */
export function geometryOf(
  codedWidth: number,
  codedHeight: number,
  pixelAspect: number,
  displayMatrix: Buffer | null,
): Geometry {
  let [a, b, c, d] = [1, 0, 0, 1];
  if (displayMatrix && displayMatrix.length >= 36) {
    const read = (cell: number) => displayMatrix.readInt32LE(cell * 4) / 65536;
    [a, b, c, d] = [read(0), read(1), read(3), read(4)];
    if (!(Math.abs(a * d - b * c) > 0)) [a, b, c, d] = [1, 0, 0, 1];
  }
  const transposed = Math.abs(b) > Math.abs(a);
  const wide = Math.max(1, Math.round(codedWidth * pixelAspect));
  const quarter = Math.round(Math.atan2(-c, d) / (Math.PI / 2));
  return {
    coded_width: codedWidth,
    coded_height: codedHeight,
    width: transposed ? codedHeight : wide,
    height: transposed ? wide : codedHeight,
    rotation_deg: (((quarter * 90) % 360) + 360) % 360,
    pixel_aspect: pixelAspect,
    transposed,
    flip_x: transposed ? b < 0 : a < 0,
    flip_y: transposed ? c < 0 : d < 0,
  };
}
