import type { View } from './view.ts';

const MAX_PARTS = 100_000;

/** WebP, WAV and AVI; a long AVI goes on in further parts. */
export function endOfRiff(view: View): number | undefined {
  let at = 0;
  for (let n = 0; n < 1000 && view.text(at, 4) === 'RIFF'; n++) {
    if (n > 0 && view.text(at + 8, 4) !== 'AVIX') break;
    const size = view.u32(at + 4);
    at += 8 + size + (size % 2);
  }
  // The last byte is padding that some writers leave out.
  return view.within(at) ?? view.within(at - 1);
}

const wellKnown = /^(?:ftyp|moov|mdat|moof|mfra|free|skip|wide|meta|uuid|sidx|styp|udta|pnot|PICT|emsg)$/;

/** MP4, QuickTime, HEIC and AVIF: boxes, as long as they make sense. */
export function endOfBoxes(view: View): number | undefined {
  let at = 0;
  for (let n = 0; n < MAX_PARTS && at < view.size; n++) {
    const kind = view.text(at + 4, 4);
    let length = view.u32be(at);
    if (length === 1) length = view.u64be(at + 8);
    // The last box may reach to the end of the file.
    if (length === 0 && /^[\w© -]{4}$/.test(kind)) return lastBoxOf(view, at, kind);
    if (!/^[\w© +-]{4}$/.test(kind) || !(length >= 8)) break;
    if (at + length > view.size) {
      // A film that is cut off, or text that looks like the beginning of a box.
      if (wellKnown.test(kind)) return undefined;
      break;
    }
    at += length;
  }
  return view.within(at);
}

/** Zeros look like a box without a name or a length; only these may be last. */
function lastBoxOf(view: View, at: number, kind: string): number | undefined {
  return ['mdat', 'free', 'skip', 'meta', 'wide'].includes(kind) ? view.size : view.within(at);
}

export function endOfSwf(view: View): number | undefined {
  return view.text(0, 3) === 'FWS' ? view.within(view.u32(4)) : undefined;
}

/** TrueType and OpenType: the table that lies last. */
export function endOfFont(view: View): number | undefined {
  const mark = view.text(0, 4);
  if (mark === 'wOFF' || mark === 'wOF2') return view.within(view.u32be(8));
  if (mark !== '\0\x01\0\0' && mark !== 'OTTO' && mark !== 'true') return undefined;
  let end = 0;
  for (let n = 0; n < view.u16be(4); n++)
    end = Math.max(end, view.u32be(12 + 16 * n + 8) + view.u32be(12 + 16 * n + 12));
  return view.within(end);
}
