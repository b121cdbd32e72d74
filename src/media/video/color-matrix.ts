import {
  AVCOL_SPC_BT470BG,
  AVCOL_SPC_BT709,
  AVCOL_SPC_BT2020_CL,
  AVCOL_SPC_BT2020_NCL,
  AVCOL_SPC_FCC,
  AVCOL_SPC_SMPTE170M,
  AVCOL_SPC_SMPTE240M,
} from 'node-av/constants';

/**
 * R = (luma·(Y − black) + cr_r·(Cr − 128)) / 65536 and so on for 8-bit samples; 16.16 fixed point, so that the
 * same frame gives the same pixels on every machine.
 */
export interface ColorMatrix {
  black: number;
  luma: number;
  cr_r: number;
  cb_g: number;
  cr_g: number;
  cb_b: number;
}

/** Kr and Kb of ITU-T H.273, table 4. */
const weights = new Map<number, readonly [number, number]>([
  [AVCOL_SPC_BT709, [0.2126, 0.0722]],
  [AVCOL_SPC_BT470BG, [0.299, 0.114]],
  [AVCOL_SPC_SMPTE170M, [0.299, 0.114]],
  [AVCOL_SPC_FCC, [0.3, 0.11]],
  [AVCOL_SPC_SMPTE240M, [0.212, 0.087]],
  [AVCOL_SPC_BT2020_NCL, [0.2627, 0.0593]],
  [AVCOL_SPC_BT2020_CL, [0.2627, 0.0593]],
]);

/** Where the stream does not say, players take high definition as BT.709 and the rest as BT.601. */
const HIGH_DEFINITION_LINES = 720;

export function colorMatrixOf(space: number | undefined, fullRange: boolean, lines: number): ColorMatrix {
  const guess = lines >= HIGH_DEFINITION_LINES ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
  const [kr, kb] = weights.get(space ?? guess) ?? weights.get(guess) ?? [0.299, 0.114];
  const kg = 1 - kr - kb;
  const lumaScale = fullRange ? 1 : 255 / 219;
  const chromaScale = fullRange ? 1 : 255 / 224;
  const fixed = (value: number) => Math.round(value * 65536);
  return {
    black: fullRange ? 0 : 16,
    luma: fixed(lumaScale),
    cr_r: fixed(2 * (1 - kr) * chromaScale),
    cb_g: fixed((-2 * kb * (1 - kb) * chromaScale) / kg),
    cr_g: fixed((-2 * kr * (1 - kr) * chromaScale) / kg),
    cb_b: fixed(2 * (1 - kb) * chromaScale),
  };
}
