import type { ReferenceOptions } from '../../../domain/kinds/measurement.ts';
import { type FoundObject, findObjects } from '../outline/find-objects.ts';
import type { Raster } from '../raster.ts';
import { planeOfMarkers, type RoughMarker } from './markers.ts';
import type { ReferencePlane } from './plane.ts';

export interface FoundReferencePlane {
  reference: ReferencePlane | null;
  /** Found on the way where there is no reference to leave out. */
  objects: FoundObject[];
  /** How many things could be it. */
  candidates: number;
}

export function findReference(
  picture: Raster,
  markers: readonly RoughMarker[],
  wanted: ReferenceOptions,
): FoundReferencePlane {
  const reference = wanted.kind === 'aruco' ? planeOfMarkers(picture, markers, wanted) : null;
  if (reference) return { reference, objects: [], candidates: 1 };
  return { reference: null, objects: findObjects(picture, []).objects, candidates: 0 };
}
