import {
  AV_PIX_FMT_NV12,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV420P10LE,
  AV_PIX_FMT_YUV420P12LE,
  AV_PIX_FMT_YUV422P,
  AV_PIX_FMT_YUV422P10LE,
  AV_PIX_FMT_YUV422P12LE,
  AV_PIX_FMT_YUV444P,
  AV_PIX_FMT_YUV444P10LE,
  AV_PIX_FMT_YUV444P12LE,
  AV_PIX_FMT_YUVJ420P,
  AV_PIX_FMT_YUVJ422P,
  AV_PIX_FMT_YUVJ444P,
  AVCOL_RANGE_JPEG,
} from 'node-av/constants';
import { Frame, SoftwareScaleContext } from 'node-av/lib';
import { type ColorMatrix, colorMatrixOf } from './color-matrix.ts';
import type { Geometry } from './geometry.ts';

export interface Plane {
  data: Uint8Array | Uint16Array;
  /** In samples, not bytes. */
  stride: number;
}

/**
 * A decoded frame as it lies in memory: three planes of Y′CbCr, read in place and converted only where a
 * pixel is wanted. Valid until the decoder's next frame.
 */
export interface Picture {
  geometry: Geometry;
  /** Size of the planes in memory; differs from the geometry's when the stream changed its resolution. */
  coded_width: number;
  coded_height: number;
  luma: Plane;
  cb: Plane;
  cr: Plane;
  /** Chroma is subsampled by 2 to these powers. */
  chroma_shift_x: number;
  chroma_shift_y: number;
  /** Samples from one chroma value to the next in its plane: 2 where Cb and Cr interleave. */
  chroma_step: number;
  /** Bits above 8 in each sample. */
  extra_bits: number;
  matrix: ColorMatrix;
}

/** A copy, for longer than the reader keeps the picture, or for another thread. */
export function copyOf(picture: Picture): Picture {
  // Not `slice`: a Buffer's gives a view.
  const copied = ({ data, stride }: Plane): Plane => ({
    data: data instanceof Uint16Array ? new Uint16Array(data) : new Uint8Array(data),
    stride,
  });
  return { ...picture, luma: copied(picture.luma), cb: copied(picture.cb), cr: copied(picture.cr) };
}

/** Where a copy's planes lie. */
export function memoryOf({ luma, cb, cr }: Picture): ArrayBuffer[] {
  return [luma, cb, cr].map(({ data }) => data.buffer as ArrayBuffer);
}

interface Layout {
  x: number;
  y: number;
  bits: number;
  interleaved?: true;
}

/** Formats read in place; anything else is converted to 4:4:4 first, whole. */
const layouts = new Map<number, Layout>([
  [AV_PIX_FMT_YUV420P, { x: 1, y: 1, bits: 8 }],
  [AV_PIX_FMT_YUVJ420P, { x: 1, y: 1, bits: 8 }],
  [AV_PIX_FMT_NV12, { x: 1, y: 1, bits: 8, interleaved: true }],
  [AV_PIX_FMT_YUV422P, { x: 1, y: 0, bits: 8 }],
  [AV_PIX_FMT_YUVJ422P, { x: 1, y: 0, bits: 8 }],
  [AV_PIX_FMT_YUV444P, { x: 0, y: 0, bits: 8 }],
  [AV_PIX_FMT_YUVJ444P, { x: 0, y: 0, bits: 8 }],
  [AV_PIX_FMT_YUV420P10LE, { x: 1, y: 1, bits: 10 }],
  [AV_PIX_FMT_YUV422P10LE, { x: 1, y: 0, bits: 10 }],
  [AV_PIX_FMT_YUV444P10LE, { x: 0, y: 0, bits: 10 }],
  [AV_PIX_FMT_YUV420P12LE, { x: 1, y: 1, bits: 12 }],
  [AV_PIX_FMT_YUV422P12LE, { x: 1, y: 0, bits: 12 }],
  [AV_PIX_FMT_YUV444P12LE, { x: 0, y: 0, bits: 12 }],
]);

const alwaysFull = new Set<number>([AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUVJ444P]);

export function pictureOf(frame: Frame, geometry: Geometry): Picture {
  const layout = layoutOf(frame);
  return layout ? inPlace(frame, geometry, layout) : converted(frame, geometry);
}

/** Whether the frame's picture would lie in the frame's own memory. */
export function readsInPlace(frame: Frame): boolean {
  return layoutOf(frame) !== undefined;
}

function layoutOf(frame: Frame): Layout | undefined {
  const topDown = frame.linesize.every((bytes) => bytes >= 0);
  return topDown ? layouts.get(frame.format) : undefined;
}

function inPlace(frame: Frame, geometry: Geometry, layout: Layout): Picture {
  const buffers = frame.data ?? [];
  const wide = layout.bits > 8;
  const plane = (n: number): Plane => {
    const buffer = buffers[n];
    const bytes = frame.linesize[n] ?? 0;
    if (!buffer || bytes <= 0) throw new Error('a plane of the decoded frame is missing');
    return wide
      ? { data: new Uint16Array(buffer.buffer, buffer.byteOffset, buffer.length >> 1), stride: bytes >> 1 }
      : { data: buffer, stride: bytes };
  };
  const cb = plane(1);
  return {
    geometry,
    coded_width: frame.width,
    coded_height: frame.height,
    luma: plane(0),
    cb,
    cr: layout.interleaved ? { data: cb.data.subarray(1), stride: cb.stride } : plane(2),
    chroma_shift_x: layout.x,
    chroma_shift_y: layout.y,
    chroma_step: layout.interleaved ? 2 : 1,
    extra_bits: layout.bits - 8,
    matrix: colorMatrixOf(
      frame.colorSpace,
      frame.colorRange === AVCOL_RANGE_JPEG || alwaysFull.has(frame.format),
      frame.height,
    ),
  };
}

/** RGB, grey, palettes, alpha, big-endian, bottom-up and the like: rare in videos, so clarity over speed. */
function converted(frame: Frame, geometry: Geometry): Picture {
  using whole = new Frame();
  whole.alloc();
  whole.width = frame.width;
  whole.height = frame.height;
  whole.format = AV_PIX_FMT_YUV444P;
  using scaler = new SoftwareScaleContext();
  scaler.allocContext();
  if (whole.getBuffer() < 0 || scaler.scaleFrameSync(whole, frame) < 0) {
    throw new Error(`pixel format ${frame.format} could not be converted`);
  }
  // The scaler's own matrix unless told otherwise is BT.601, limited range.
  return {
    ...copyOf(inPlace(whole, geometry, { x: 0, y: 0, bits: 8 })),
    matrix: colorMatrixOf(undefined, false, 0),
  };
}
