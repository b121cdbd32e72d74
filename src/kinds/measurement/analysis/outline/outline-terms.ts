import { areaOf, convexHull } from '../../geometry/polygon.ts';
import type { ConfidenceTerm } from '../../outcome.ts';
import { termOf } from '../confidence/terms.ts';
import { smallestRectangle } from '../plane/smallest-rectangle.ts';
import type { FoundObject } from './find-objects.ts';

/** What speaks for and against an outline, whatever it is measured by. */
export function outlineTerms({ points, clear, border, doubt }: FoundObject): ConfidenceTerm[] {
  return [
    termOf('resolution', smallestRectangle(points)?.width ?? 0),
    termOf('outline_solidity', areaOf(points) / (areaOf(convexHull(points)) || 1)),
    termOf('edge_clarity', clear),
    termOf('border_contact', border),
    termOf('ambiguity', doubt),
  ];
}
