import { randomUUID } from 'node:crypto';
import { Conflict } from '../../../../domain/errors.ts';
import type { CameraChanges, StoredCamera } from '../camera.ts';
import { checkCamera, checkCameraId } from '../checks/camera-changes.ts';
import type { Engine, Session } from './engine.ts';
import { cameraOf } from './stored-row.ts';

/** Events of a camera are removed in chunks of this many, so that no statement takes long. */
const chunk = 5000;

/** Makes those that are not there. Until the end of the transaction nobody removes them. */
export async function ensureCameras(
  engine: Engine,
  tx: Session,
  owner: string,
  cameraIds: readonly string[],
): Promise<void> {
  const found = await tx.rows(
    `SELECT c.camera_id FROM cameras AS c WHERE c.owner = ? AND c.camera_id IN (${engine.bound}) ${engine.forShare}`,
    [owner, engine.list(cameraIds)],
  );
  const there = new Set(found.map(({ camera_id }) => camera_id));
  for (const cameraId of cameraIds)
    if (!there.has(cameraId)) await addCamera(engine, tx, owner, cameraId, {});
}

/** @returns false when it was there */
async function addCamera(
  engine: Engine,
  tx: Session,
  owner: string,
  cameraId: string,
  { name = null, time_zone = 'UTC', zones = [], masks = [], retention_days = null }: CameraChanges,
): Promise<boolean> {
  const now = engine.time(new Date().toISOString());
  const added = await tx.run(
    `INSERT INTO cameras (owner, camera_id, key, name, time_zone, zones, masks, version, retention_days, created_at,
       updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?) ON CONFLICT (owner, camera_id) DO NOTHING`,
    [
      owner,
      cameraId,
      randomUUID(),
      name,
      time_zone,
      engine.json(zones),
      engine.json(masks),
      retention_days,
      now,
      now,
    ],
  );
  return added > 0;
}

async function cameraIn(
  engine: Engine,
  session: Pick<Session, 'rows'>,
  owner: string,
  cameraId: string,
  lock = '',
): Promise<StoredCamera | null> {
  const [row] = await session.rows(
    `SELECT ${engine.cameraColumns} FROM cameras AS c WHERE c.owner = ? AND c.camera_id = ? ${lock}`,
    [owner, cameraId],
  );
  return row ? cameraOf(row) : null;
}

export const findCamera = (engine: Engine, owner: string, cameraId: string) =>
  cameraIn(engine, engine, owner, cameraId);

export async function ensureCamera(engine: Engine, owner: string, cameraId: string): Promise<StoredCamera> {
  checkCameraId(cameraId);
  const there = await findCamera(engine, owner, cameraId);
  if (there) return there;
  return engine.write(`camera ${cameraId}`, async (tx) => {
    await addCamera(engine, tx, owner, cameraId, {});
    return (await cameraIn(engine, tx, owner, cameraId)) as StoredCamera;
  });
}

export async function listCameras(engine: Engine, owner: string): Promise<StoredCamera[]> {
  const rows = await engine.rows(
    `SELECT ${engine.cameraColumns} FROM cameras AS c WHERE c.owner = ? ORDER BY c.camera_id`,
    [owner],
  );
  return rows.map(cameraOf);
}

export async function createCamera(
  engine: Engine,
  owner: string,
  cameraId: string,
  changes: CameraChanges,
): Promise<StoredCamera> {
  checkCameraId(cameraId);
  const checked = checkCamera(changes);
  return engine.write(`camera ${cameraId}`, async (tx) => {
    if (!(await addCamera(engine, tx, owner, cameraId, checked)))
      throw new Conflict(`There is a camera "${cameraId}" already. Change it, or choose another id.`);
    return (await cameraIn(engine, tx, owner, cameraId)) as StoredCamera;
  });
}

export async function changeCamera(
  engine: Engine,
  owner: string,
  cameraId: string,
  changes: CameraChanges,
  version: number | undefined,
): Promise<StoredCamera | null> {
  const checked = checkCamera(changes);
  return engine.write(`camera ${cameraId}`, async (tx) => {
    const before = await cameraIn(engine, tx, owner, cameraId, engine.forUpdate);
    if (!before) return null;
    if (version !== undefined && version !== before.version)
      throw new Conflict(
        `The camera "${cameraId}" is at version ${before.version}, not ${version}. Read it again, then change it.`,
      );
    const after = { ...before, ...checked };
    const redrawn = ['zones', 'masks'].some((field) => field in checked);
    await tx.run(
      `UPDATE cameras SET name = ?, time_zone = ?, zones = ?, masks = ?, version = ?, retention_days = ?, updated_at = ?
        WHERE owner = ? AND camera_id = ?`,
      [
        after.name,
        after.time_zone,
        engine.json(after.zones),
        engine.json(after.masks),
        redrawn ? before.version + 1 : before.version,
        after.retention_days,
        engine.time(new Date().toISOString()),
        owner,
        cameraId,
      ],
    );
    return cameraIn(engine, tx, owner, cameraId);
  });
}

/** Its events chunk by chunk, and then the camera with what was added meanwhile; when it is interrupted, it is repeated. */
export async function deleteCamera(engine: Engine, owner: string, cameraId: string): Promise<boolean> {
  for (;;) {
    const removed = await engine.write(`the removal of events of camera ${cameraId}`, (tx) =>
      tx.run(
        `DELETE FROM events WHERE owner = ? AND event_id IN
           (SELECT event_id FROM events WHERE owner = ? AND camera_id = ? LIMIT ${chunk})`,
        [owner, owner, cameraId],
      ),
    );
    if (removed < chunk) break;
  }
  return engine.write(`the removal of camera ${cameraId}`, async (tx) => {
    return (await tx.run('DELETE FROM cameras WHERE owner = ? AND camera_id = ?', [owner, cameraId])) > 0;
  });
}

export async function setOffline(
  engine: Engine,
  owner: string,
  cameraId: string,
  since: Date | null,
): Promise<void> {
  await engine.write(`camera ${cameraId}`, (tx) =>
    tx.run('UPDATE cameras SET offline_since = ? WHERE owner = ? AND camera_id = ?', [
      engine.time(since?.toISOString() ?? null),
      owner,
      cameraId,
    ]),
  );
}
