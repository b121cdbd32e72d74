import type { Job } from '../domain/job.ts';
import type { ApiDependencies } from './dependencies.ts';

/** The job as its result is told: a kind may put it together from what is stored elsewhere. */
export async function withResultRead<Read extends Job>(
  job: Read,
  dependencies: ApiDependencies,
): Promise<Read> {
  const read = dependencies.kindApis[job.kind]?.readResult;
  return read && job.result ? { ...job, result: await read(job, job.result, dependencies) } : job;
}
