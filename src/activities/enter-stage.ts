import type { StageEntry } from '../database/jobs/enter-stage.ts';
import type { Job } from '../domain/job.ts';

export function makeEnterStage({ enterStage }: { enterStage(entry: StageEntry): Promise<Job> }) {
  return async function enterJobStage(entry: StageEntry): Promise<void> {
    await enterStage(entry);
  };
}
