import { checkCameraId } from '../checks/camera-changes.ts';
import type { TimeSource } from '../event.ts';
import { ensureCameras } from './cameras.ts';
import type { Engine } from './engine.ts';
import { timeOf } from './stored-row.ts';

export interface Start {
  at: Date;
  time_source: TimeSource;
}

/** When it came is all that is known: the same file comes again at another time. */
const withoutClock: readonly TimeSource[] = ['upload', 'arrival'];

/** Keeps what was said first of a file on a camera, and answers it where the file has no clock. */
export async function recordingStart(
  engine: Engine,
  owner: string,
  cameraId: string,
  sourceSha256: string,
  proposed: Start,
): Promise<Start> {
  checkCameraId(cameraId);
  return engine.write(`when a recording of camera ${cameraId} began`, async (tx) => {
    await ensureCameras(engine, tx, owner, [cameraId]);
    await tx.run(
      `INSERT INTO camera_recordings (owner, camera_id, source_sha256, started_at, time_source) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (owner, camera_id, source_sha256) DO NOTHING`,
      [owner, cameraId, sourceSha256, engine.time(proposed.at.toISOString()), proposed.time_source],
    );
    if (!withoutClock.includes(proposed.time_source)) return proposed;
    const [row] = await tx.rows(
      `SELECT ${engine.recordingColumns} FROM camera_recordings AS r
        WHERE r.owner = ? AND r.camera_id = ? AND r.source_sha256 = ?`,
      [owner, cameraId, sourceSha256],
    );
    return { at: new Date(timeOf(row?.started_at) as string), time_source: row?.time_source as TimeSource };
  });
}
