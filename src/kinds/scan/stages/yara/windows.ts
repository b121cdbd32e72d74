import type { ScannedFile } from '../../analysis/stage.ts';
import type { RuleEngine, RuleMatch } from './rule-engine.ts';

const MiB = 1024 ** 2;
/** A larger file is scanned by parts of this size, so that no file is too large for the rules. */
export const WINDOW = 32 * MiB;
/** Parts overlap by what a pattern may span. */
const OVERLAP = MiB;
/** The file's beginning stands before every later part: rules ask there for its type, or for a head of mail. */
const HEAD = 64 * 1024;
/** Zeros between the beginning and the part, so that hardly a pattern spans both. */
const GAP = 64;

export interface WindowedMatches {
  matches: RuleMatch[];
  windows: number;
}

/**
 * Scans a file that is larger than a window by overlapping windows; each rule counts once, where it fits first. A rule
 * whose patterns must all be there fits when they are within one window.
 * @param engine of `compileForParts`, which ask for the size of the file and not of the window
 */
export function scanByWindows(file: ScannedFile, engine: RuleEngine): WindowedMatches {
  const found = new Map<string, RuleMatch>();
  const keep = (matches: readonly RuleMatch[]) => {
    for (const match of matches) {
      const key = `${match.source}\0${match.rule}`;
      if (!found.has(key)) found.set(key, match);
    }
  };
  const buffer = new Uint8Array(HEAD + GAP + WINDOW);
  const window = buffer.subarray(HEAD + GAP);
  keep(engine.scan(file.readInto(window, 0), file.size));
  let windows = 1;
  buffer.set(window.subarray(0, HEAD));
  for (let end = WINDOW; end < file.size; windows++) {
    const from = end - OVERLAP;
    end = Math.min(file.size, from + WINDOW);
    file.readInto(window, from);
    const matches = engine.scan(buffer.subarray(0, HEAD + GAP + end - from), file.size);
    keep(matches.flatMap((match) => inFile(match, from)));
  }
  return { matches: [...found.values()], windows };
}

/** A match of a later window, by its place in the file; none if it is of both the beginning and the window. */
function inFile(match: RuleMatch, from: number): RuleMatch[] {
  const { place } = match;
  if (!place || place.offset + place.length <= HEAD) return [match];
  if (place.offset < HEAD + GAP) return [];
  return [{ ...match, place: { ...place, offset: place.offset - HEAD - GAP + from } }];
}
