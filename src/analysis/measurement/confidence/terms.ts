import type { ConfidenceTerm, TermName } from '../../../domain/measurement.ts';
import { scoreOf } from './thresholds.ts';

type Words = (value: number) => string;

const percent = (value: number) => `${(value * 100).toFixed(value < 0.1 ? 1 : 0)} %`;

/** What a value means, and what to do about it, for someone who takes the photograph. */
const words: Readonly<Record<TermName, Words>> = {
  marker_size: (px) =>
    `The reference's side is ${px.toFixed(0)} pixels long. Go nearer, or use a larger one.`,
  marker_squareness: (misfit) =>
    `Seen by an ordinary lens, a flat reference would differ by ${percent(misfit)} from this one. Lay it flat, uncovered, and don't crop the picture.`,
  tilt: (degrees) =>
    `The camera looks at the plane ${degrees.toFixed(0)}° from straight down. Hold it more upright.`,
  reference_agreement: (misfit) =>
    `The references differ by ${percent(misfit)} of their size from lying in one plane. Lay all of them flat in the plane of the object, all of one size.`,
  reference_fit: (off) =>
    `The reference's edges are ${percent(off)} of its size away from where they should run. Lay it flat and uncovered.`,
  resolution: (px) => `The object's shorter side is ${px.toFixed(0)} pixels long. Go nearer.`,
  outline_solidity: (solidity) =>
    `The outline fills ${percent(solidity)} of its hull. Check that it is one object, not several or a reflection.`,
  edge_clarity: (share) =>
    `${percent(share)} of the outline stands out sharply from the table. Use a plain table of another colour, and even light.`,
  border_contact: (share) =>
    `${percent(share)} of the outline is at the border of the picture. Take the whole object into the picture.`,
  ambiguity: (share) =>
    `${percent(share)} of its area could as well be shadow or table. Use softer light and a table of another colour.`,
  plane_distance: (error) =>
    `So far from the reference, its corners alone leave ${percent(error)} of error. Lay the reference nearer to the object, or use a larger one.`,
};

export function termOf(name: TermName, value: number): ConfidenceTerm {
  const rounded = Number(value.toPrecision(4));
  return { name, value: rounded, score: scoreOf(name, rounded), why: words[name](rounded) };
}

/**
 * The confidence is the lowest score: one good reason for doubt is enough, and no number of good terms outweighs
 * it. 1 without any term.
 */
export function lowestScore(terms: readonly ConfidenceTerm[]): number {
  return terms.reduce((lowest, { score }) => Math.min(lowest, score), 1);
}
