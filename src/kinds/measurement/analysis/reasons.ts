import type { ReferenceOptions } from '../../../domain/kinds/measurement.ts';
import type { MeasuredObject, Reason } from '../outcome.ts';
import type { ReferencePlane } from './reference/plane.ts';

interface Judged {
  reference: ReferencePlane | null;
  wanted: ReferenceOptions;
  objects: readonly MeasuredObject[];
  leastConfidence: number;
  /** How many things could be the reference. */
  candidates: number;
}

/** Why a person is asked; empty when nobody need be. */
export function reasonsFor({ reference, wanted, objects, leastConfidence, candidates }: Judged): Reason[] {
  const reasons: Reason[] = [];
  if (!reference) reasons.push({ code: 'no_reference', message: noReference(wanted) });
  if (candidates > 1) {
    reasons.push({
      code: 'several_references',
      message: `${candidates} things in the picture could be the ${wanted.kind}. Say which by its ${wanted.kind === 'coin' ? 'rim' : 'corners'}, or leave only one in the picture.`,
    });
  }
  if (objects.length === 0) {
    reasons.push({
      code: 'no_object',
      message:
        'No object was found that stands out from the table. Lay it on a plain table of another colour, wholly in the picture; or draw its outline.',
    });
  }
  if (reference) {
    const shared = new Set(reference.terms);
    for (const { n, terms, confidence } of objects) {
      if (confidence >= leastConfidence) continue;
      const low = [...reference.terms, ...terms].filter(({ score }) => score < leastConfidence);
      const [worst] = low.toSorted((a, b) => a.score - b.score);
      const message = worst
        ? `${shared.has(worst) ? 'The reference' : `Object ${n}`} scores ${worst.score.toFixed(2)} where ${leastConfidence.toFixed(2)} is asked for: ${worst.why}`
        : `Nothing tells how well object ${n} was measured. Draw its outline, or give its width and height.`;
      reasons.push({ code: 'low_confidence', message, terms: low });
    }
  }
  return reasons;
}

function noReference(wanted: ReferenceOptions): string {
  if (wanted.kind === 'aruco') {
    const which = wanted.id === undefined ? 'No marker' : `Marker ${wanted.id}`;
    return `${which} of ${wanted.dictionary} was ${wanted.id === undefined ? '' : 'not '}found. Check that it is this dictionary's, and that all of it with its white margin is in the picture, flat, sharp and uncovered; or give its four corners.`;
  }
  if (wanted.kind === 'card') {
    return 'No card of 85.60 × 53.98 mm was found. Lay it flat, uncovered, on a table of another colour, wholly in the picture; or give its four corners.';
  }
  return `No coin or disc of ${wanted.diameter_mm} mm was found. Lay it flat on a table of another colour, wholly in the picture, and hold the camera straight above; or give six points or more on its rim, all around it.`;
}
