import type { ReferenceOptions } from '../../../../domain/kinds/measurement.ts';
import { type FoundObject, findObjects } from '../outline/find-objects.ts';
import type { Raster } from '../raster.ts';
import { cardsAmong } from './card.ts';
import { coinsAmong } from './coin.ts';
import { planeOfMarkers, quietZone, type RoughMarker } from './markers.ts';
import type { ReferencePlane } from './plane.ts';

export interface LookedAt {
  reference: ReferencePlane | null;
  /** Without the reference, largest first. */
  objects: FoundObject[];
  /** How many things could be the reference. */
  candidates: number;
}

/**
 * Looks for the reference, and for what else lies there. A card or coin is one of the things that stand out from the
 * table; where several could be it, the likeliest is taken and a person asked.
 */
export function findReference(
  picture: Raster,
  markers: readonly RoughMarker[],
  wanted: ReferenceOptions,
): LookedAt {
  if (wanted.kind === 'aruco') {
    const reference = planeOfMarkers(picture, markers, wanted);
    // Other markers on the table are not objects either.
    const zones = [...(reference?.zones ?? []), ...markers.map(({ corners }) => quietZone(corners))];
    const { objects } = findObjects(picture, zones);
    return { reference, objects, candidates: reference ? 1 : 0 };
  }
  const { objects } = findObjects(picture, []);
  const found =
    wanted.kind === 'card' ? cardsAmong(picture, objects) : coinsAmong(picture, objects, wanted.diameter_mm);
  const chosen = found[0];
  return {
    reference: chosen?.plane ?? null,
    objects: chosen ? objects.filter((object) => object !== chosen.object) : objects,
    candidates: found.length,
  };
}
