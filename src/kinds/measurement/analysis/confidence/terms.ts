import type { ConfidenceTerm, TermName } from '../../outcome.ts';
import { scoreOf } from './thresholds.ts';

interface Words {
  /** What a value means. */
  is(value: number): string;
  /** What to do about it, for someone who takes the photograph. */
  remedy: string;
}

const percent = (value: number) => `${(value * 100).toFixed(value < 0.1 ? 1 : 0)} %`;

const words: Readonly<Record<TermName, Words>> = {
  marker_size: {
    is: (px) => `The reference's side is ${px.toFixed(0)} pixels long.`,
    remedy: 'Go nearer, or use a larger one.',
  },
  marker_squareness: {
    is: (misfit) =>
      `Seen by an ordinary lens, a flat reference would differ by ${percent(misfit)} from this one.`,
    remedy: "Lay it flat, uncovered, and don't crop the picture.",
  },
  tilt: {
    is: (degrees) => `The camera looks at the plane ${degrees.toFixed(0)}° from straight down.`,
    remedy: 'Hold it more upright.',
  },
  reference_agreement: {
    is: (misfit) => `The references differ by ${percent(misfit)} of their size from lying in one plane.`,
    remedy: 'Lay all of them flat in the plane of the object, all of one size.',
  },
  reference_fit: {
    is: (off) => `The reference's edges are ${percent(off)} of its size away from where they should run.`,
    remedy: 'Lay it flat and uncovered.',
  },
  card_corners: {
    is: (px) => `The rounding of the card's corners is ${px.toFixed(1)} pixels deep.`,
    remedy: 'Go nearer: so small it could as well be a rectangle with sharp corners, of another size.',
  },
  resolution: {
    is: (px) => `The object's shorter side is ${px.toFixed(0)} pixels long.`,
    remedy: 'Go nearer.',
  },
  outline_solidity: {
    is: (solidity) => `The outline fills ${percent(solidity)} of its hull.`,
    remedy: 'Check that it is one object, not several or a reflection.',
  },
  edge_clarity: {
    is: (share) => `${percent(share)} of the outline stands out sharply from the table.`,
    remedy: 'Use a plain table of another colour, and even light.',
  },
  border_contact: {
    is: (share) => `${percent(share)} of the outline is at the border of the picture.`,
    remedy: 'Take the whole object into the picture.',
  },
  ambiguity: {
    is: (share) => `${percent(share)} of its area could as well be shadow or table.`,
    remedy: 'Use softer light and a table of another colour.',
  },
  plane_distance: {
    is: (error) => `So far from the reference, its corners alone leave ${percent(error)} of error.`,
    remedy: 'Lay the reference nearer to the object, or use a larger one.',
  },
};

/** The remedy is told where there is something to remedy. */
export function termOf(name: TermName, value: number): ConfidenceTerm {
  const rounded = Number(value.toPrecision(4));
  const score = scoreOf(name, rounded);
  const { is, remedy } = words[name];
  const why = score < 1 ? `${is(rounded)} ${remedy}` : is(rounded);
  return { name, value: rounded, score, why };
}

/**
 * The confidence is the lowest score: one good reason for doubt is enough, and no number of good terms outweighs
 * it. 1 without any term.
 */
export function lowestScore(terms: readonly ConfidenceTerm[]): number {
  return terms.reduce((lowest, { score }) => Math.min(lowest, score), 1);
}
