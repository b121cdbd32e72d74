import { raw } from '@mikro-orm/postgresql';
import type { Database } from '../../../database/database.ts';
import { JobEntity } from '../../../database/entities/job.ts';
import { camera } from '../../../domain/kinds/camera.ts';
import { openPhases } from '../../../domain/phase.ts';

/** A job of the owner's that has yet to watch this camera, or does; null when there is none. */
export async function openJobOf(database: Database, owner: string, cameraId: string): Promise<string | null> {
  const job = await database.em().findOne(
    JobEntity,
    {
      kind: camera.kind,
      user_id: owner,
      phase: { $in: [...openPhases] },
      deleted_at: null,
      [raw(`options->>'camera_id'`)]: cameraId,
    },
    { fields: ['job_id'] },
  );
  return job?.job_id ?? null;
}
