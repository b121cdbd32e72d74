import type { Cv } from '../../../media/image/opencv.ts';
import type { Point } from '../outcome.ts';

export interface SeenMarker {
  id: number;
  /** Top left of the marker as printed, then clockwise; rough, to about a pixel. */
  corners: Point[];
}

interface Grey {
  width: number;
  height: number;
  data: Uint8Array;
}

/** Longer sides at which markers are looked for: large ones are clearer in a smaller picture. */
const sizes = [1280, 2560, 5120];
/** Two finds whose middles are nearer than this share of their side are one. */
const SAME = 0.5;

/**
 * ArUco markers (Garrido-Jurado et al., "Automatic generation and detection of highly reliable fiducial markers",
 * Pattern Recognition 2014) by OpenCV, sorted by number, then by place. The largest size is tried only when the
 * others show none: it is the slowest.
 */
export function findMarkers(cv: Cv, picture: Grey, dictionary: string): SeenMarker[] {
  const longer = Math.max(picture.width, picture.height);
  const found: SeenMarker[] = [];
  for (const [round, size] of sizes.entries()) {
    const before = sizes[round - 1] ?? 0;
    if (before >= longer || (round === 2 && found.length > 0)) break;
    for (const marker of detect(cv, picture, Math.min(1, size / longer), dictionary)) {
      const at = found.findIndex((known) => known.id === marker.id && isSame(known, marker));
      // The corners of the larger picture are the better ones.
      if (at >= 0) found[at] = marker;
      else found.push(marker);
    }
  }
  const place = ({ corners }: SeenMarker) => corners[0] as Point;
  return found.sort((a, b) => a.id - b.id || place(a)[1] - place(b)[1] || place(a)[0] - place(b)[0]);
}

function detect(cv: Cv, { width, height, data }: Grey, scale: number, dictionary: string): SeenMarker[] {
  const aruco = cv as unknown as Aruco;
  const kept: Deletable[] = [];
  const keep = <T extends Deletable>(thing: T): T => {
    kept.push(thing);
    return thing;
  };
  try {
    const whole = keep(new cv.Mat(height, width, cv.CV_8UC1));
    whole.data.set(data);
    const picture = scale < 1 ? keep(new cv.Mat()) : whole;
    if (scale < 1) cv.resize(whole, picture, new cv.Size(0, 0), scale, scale, cv.INTER_AREA);
    const words = keep(
      aruco.getPredefinedDictionary((cv as unknown as Record<string, number>)[dictionary] as number),
    );
    const parameters = keep(new aruco.aruco_DetectorParameters());
    const refine = keep(new aruco.aruco_RefineParameters(10, 3, true));
    const detector = keep(new aruco.aruco_ArucoDetector(words, parameters, refine));
    const [corners, rejected] = [keep(new cv.MatVector()), keep(new cv.MatVector())];
    const ids = keep(new cv.Mat());
    detector.detectMarkers(picture, corners, ids, rejected);
    return Array.from({ length: corners.size() }, (_, i) => {
      const flat = keep(corners.get(i)).data32F;
      // OpenCV's whole numbers are the middles of pixels.
      const point = (k: number): Point => [
        ((flat[2 * k] ?? 0) + 0.5) / scale,
        ((flat[2 * k + 1] ?? 0) + 0.5) / scale,
      ];
      return { id: ids.data32S[i] as number, corners: [0, 1, 2, 3].map(point) };
    });
  } finally {
    for (const thing of kept.reverse()) thing.delete();
  }
}

interface Deletable {
  delete(): void;
}

/** The module's ArUco part, which its typings have under other names. */
interface Aruco {
  getPredefinedDictionary(name: number): Deletable;
  aruco_DetectorParameters: new () => Deletable;
  aruco_RefineParameters: new (
    minimalDistance: number,
    errorCorrection: number,
    allOrders: boolean,
  ) => Deletable;
  aruco_ArucoDetector: new (
    words: Deletable,
    parameters: Deletable,
    refine: Deletable,
  ) => Deletable & {
    detectMarkers(picture: Deletable, corners: Deletable, ids: Deletable, rejected: Deletable): void;
  };
}

function isSame(a: SeenMarker, b: SeenMarker): boolean {
  const middle = ({ corners }: SeenMarker) =>
    [0, 1].map((k) => corners.reduce((sum, p) => sum + (p[k] as number), 0) / 4);
  const [p, q] = [middle(a), middle(b)];
  const [from, to] = [a.corners[0] as Point, a.corners[1] as Point];
  const side = Math.hypot(to[0] - from[0], to[1] - from[1]);
  return Math.hypot((p[0] as number) - (q[0] as number), (p[1] as number) - (q[1] as number)) < SAME * side;
}
