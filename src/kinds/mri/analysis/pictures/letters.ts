/** Strokes of capital letters in a field 4 wide and 6 high, as SVG paths: no font has to be there where a picture is drawn. */
const strokes: Readonly<Record<string, string>> = {
  A: 'M0 6L2 0L4 6M.8 4H3.2',
  D: 'M0 0V6H2L4 4V2L2 0Z',
  F: 'M4 0H0V6M0 3H3',
  G: 'M4 1L3 0H1L0 1V5L1 6H3L4 5V3H2',
  I: 'M2 0V6',
  L: 'M0 0V6H4',
  N: 'M0 6V0L4 6V0',
  O: 'M1 0H3L4 1V5L3 6H1L0 5V1Z',
  P: 'M0 6V0H3L4 1V2L3 3H0',
  R: 'M0 6V0H3L4 1V2L3 3H0M2 3L4 6',
  S: 'M4 1L3 0H1L0 1V2L1 3H3L4 4V5L3 6H1L0 5',
  T: 'M0 0H4M2 0V6',
  '?': 'M0 1L1 0H3L4 1V2L2 3.4V4.2M2 5.6V6',
};

const WIDTH = 4;
const HEIGHT = 6;
const STEP = 5.5;

/** Words in strokes, as an SVG group. @param x the middle of the words @param y their top @param height of a letter, pixels */
export function lettersSvg(words: string, x: number, y: number, height: number): string {
  const scale = height / HEIGHT;
  const length = (words.length - 1) * STEP + WIDTH;
  const paths = [...words].map((letter, at) => {
    const path = strokes[letter];
    return path ? `<path transform="translate(${at * STEP} 0)" d="${path}"/>` : '';
  });
  const group = (colour: string, width: number) =>
    `<g fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round">${paths.join('')}</g>`;
  const place = `translate(${(x - (length * scale) / 2).toFixed(2)} ${y.toFixed(2)}) scale(${scale.toFixed(3)})`;
  return `<g transform="${place}">${group('#000', 1.8)}${group('#fff', 0.8)}</g>`;
}
