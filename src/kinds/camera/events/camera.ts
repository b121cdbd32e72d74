/** Corners in fractions of the picture, 0–1; at least three. */
export type Polygon = readonly (readonly [x: number, y: number])[];

export interface Zone {
  name: string;
  polygon: Polygon;
}

export interface Mask {
  /** `motion`: changes there are no events. `privacy`: painted out before anything is stored. */
  purpose: 'motion' | 'privacy';
  polygon: Polygon;
}

/** A user's camera, as the API writes it. */
export interface Camera {
  camera_id: string;
  name: string | null;
  /** IANA, such as `Europe/Berlin`. */
  time_zone: string;
  zones: readonly Zone[];
  masks: readonly Mask[];
  /** One more at each change of zones or masks; a job uses one version throughout. */
  version: number;
  /** Days its events are kept; null: as the operator set. */
  retention_days: number | null;
  /** ISO 8601; null while it is read, or where it was never read live. */
  offline_since: string | null;
  created_at: string;
  updated_at: string;
}

export type CameraChanges = Partial<
  Pick<Camera, 'name' | 'time_zone' | 'zones' | 'masks' | 'retention_days'>
>;

/** A camera with what is not for its users. */
export interface StoredCamera extends Camera {
  /** UUID: the folder of its objects, `cameras/<key>/`. A camera that is deleted and made again has another. */
  key: string;
  owner: string;
}
