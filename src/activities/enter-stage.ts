import type { Job } from '../domain/job.ts';
import type { JobReference } from './job-reference.ts';

export type StageEntry = JobReference & { stage: string; why: string; progress_pct?: number };

export function makeEnterStage({ enterStage }: { enterStage(entry: StageEntry): Promise<Job> }) {
  return async function enterJobStage(entry: StageEntry): Promise<void> {
    await enterStage(entry);
  };
}
