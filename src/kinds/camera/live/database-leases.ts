import { randomUUID } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '../../../database/database.ts';
import { inTransaction } from '../../../database/transaction.ts';
import type { LiveLeases, LiveWait } from './live-lease.ts';

export interface LeaseOptions {
  /** Cameras of one user that are read at once. */
  perUser: number;
  /** How long a lease lasts after it was renewed; 15 s unless told. */
  lasts_ms?: number;
}

const usual_ms = 15_000;

/**
 * Leases as rows that expire by the database's clock, each taking with a token of its own. The rows of one user are taken one
 * after the other, so that of two readers one has the camera, and no user has more cameras than may be.
 */
export function openLeases(database: Database, { perUser, lasts_ms = usual_ms }: LeaseOptions): LiveLeases {
  const expires = `clock_timestamp() + ${Math.trunc(lasts_ms)} * interval '1 millisecond'`;

  return {
    async take({ owner, camera_id, job_id }) {
      const token = randomUUID();
      const wait = await inTransaction(database, 'the right to read a camera', async (tx) => {
        await tx.execute(`SELECT pg_advisory_xact_lock(hashtextextended('camera_leases:' || ?, 0))`, [owner]);
        const wait = await whyToWait(tx, { owner, camera_id, job_id, perUser });
        if (wait) return wait;
        await tx.execute(
          `INSERT INTO camera_leases (owner, camera_id, job_id, token, expires_at) VALUES (?, ?, ?, ?, ${expires})
           ON CONFLICT (owner, camera_id) DO UPDATE
             SET job_id = excluded.job_id, token = excluded.token, expires_at = excluded.expires_at`,
          [owner, camera_id, job_id, token],
        );
        return undefined;
      });
      if (wait) return { wait };
      const mine = [owner, camera_id, token];
      return {
        lasts_ms,
        async renew() {
          const rows = await database.em().execute<unknown[]>(
            `UPDATE camera_leases SET expires_at = ${expires}
              WHERE owner = ? AND camera_id = ? AND token = ? RETURNING 1`,
            mine,
          );
          return rows.length > 0;
        },
        async release() {
          await database
            .em()
            .execute('DELETE FROM camera_leases WHERE owner = ? AND camera_id = ? AND token = ?', mine);
        },
      };
    },
  };
}

async function whyToWait(
  tx: EntityManager,
  {
    owner,
    camera_id,
    job_id,
    perUser,
  }: { owner: string; camera_id: string; job_id: string; perUser: number },
): Promise<LiveWait | undefined> {
  const held = await tx.execute<{ camera_id: string; job_id: string }[]>(
    'SELECT camera_id, job_id FROM camera_leases WHERE owner = ? AND expires_at > clock_timestamp()',
    [owner],
  );
  const same = held.find((lease) => lease.camera_id === camera_id);
  if (same)
    return {
      for: 'camera',
      why:
        same.job_id === job_id
          ? 'The worker that read the camera before may still be at it; this one begins when it certainly is not.'
          : `The job ${same.job_id} reads the camera "${camera_id}". This one waits until that one is canceled.`,
    };
  if (held.length < perUser) return undefined;
  return {
    for: 'limit',
    why: `As many of your cameras are read live as one user may have at once (${perUser}; DOUBLETAKE_CAMERA_LIVE_PER_USER). This job waits until another of them is canceled.`,
  };
}
