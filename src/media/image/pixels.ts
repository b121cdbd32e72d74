export interface Pixels {
  width: number;
  height: number;
  /** sRGB, three bytes a pixel. */
  data: Uint8Array;
}
