import type { ModelFile } from '../../../../media/models/load-model.ts';
import type { VideoLimits } from '../../../../media/video/video-index.ts';
import type { WatchSettings } from '../../analysis/watch.ts';
import type { Polygon } from '../../events/camera.ts';
import type { LiveEventChange, LivePosition } from '../../live/live-change.ts';

/** Reads a live source until it ends, or until a file `stop` is in the folder. */
export interface LiveTask<Models = ModelFile> {
  task: 'cameraLive';
  /** With its secrets filled in: for no log, no error and no result. */
  address: string;
  allowPrivate: boolean;
  /** Of this connection alone: pictures and clips are written here, and its name tells its events apart from others. */
  folder: string;
  settings: WatchSettings;
  /** Painted out of pictures. Video that is copied cannot be painted, so that with any of these there are no clips. */
  hidden: readonly Polygon[];
  limits: Pick<VideoLimits, 'pixels'>;
  /** Where the reader before was. */
  position: LivePosition | null;
  /** Seconds without anything new after which a source counts as lost. */
  patience_s: number;
  detector: Models;
}

export type LiveProgress =
  | LiveEventChange
  | { change: 'reading'; since: string }
  | { change: 'position'; position: LivePosition };

/** How it ended. */
export type LiveResult =
  | { end: 'stopped' }
  /** `why` is a clause for the camera's owner, without any address: `the connection was refused`. */
  | { end: 'away'; why: string };
