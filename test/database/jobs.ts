import { randomUUID } from 'node:crypto';
import { type Database, openDatabase } from '../../src/database/database.ts';
import { type AcceptedRequest, acceptJob } from '../../src/database/jobs/accept-job.ts';
import { markDispatched } from '../../src/database/jobs/mark-dispatched.ts';
import { transitionJob } from '../../src/database/jobs/transition-job.ts';
import type { Job } from '../../src/domain/job.ts';
import { databaseKinds } from '../../src/kinds/for-database.ts';
import { createMigratedDatabase } from '../support/servers.ts';

/** A migrated database of the test file's own. */
export async function openTestDatabase(): Promise<Database & { url: string; drop(): Promise<void> }> {
  const { url, drop } = await createMigratedDatabase();
  const database = await openDatabase(url, { kinds: databaseKinds });
  return Object.assign(database, {
    url,
    async drop() {
      await database.close();
      await drop();
    },
  });
}

export function request(changes: Partial<AcceptedRequest> = {}): AcceptedRequest {
  const id = randomUUID();
  return {
    session: {
      id,
      user_id: 'coach-7',
      original_key: `originals/coach-7/${id}/squats.mp4`,
      file_name: 'squats.mp4',
      media_type: 'video/mp4',
      bytes: 508_341,
      sha256: null,
    },
    job: { job_id: randomUUID(), user_id: 'coach-7', kind: 'technique', options: { mode: 'quick' } },
    ...changes,
  };
}

/** A job whose workflow is at work. */
export async function runningJob(database: Database, changes: Partial<AcceptedRequest> = {}): Promise<Job> {
  const { job } = await acceptJob(database, request(changes));
  await markDispatched(database, job.job_id, job.attempt);
  return transitionJob(database, { ...step(job), to: 'processing', stage: 'QUICK', why: 'Work began' });
}

export function step({ job_id, attempt }: Job): { job_id: string; attempt: number } {
  return { job_id, attempt };
}
