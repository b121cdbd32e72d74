import { readTechniquePasses } from '../../database/read-technique-passes.ts';
import type { Report } from '../../domain/finding.ts';
import type { Job } from '../../domain/job.ts';
import { picturesAt } from '../../domain/report-pictures.ts';
import type { ApiDependencies } from '../dependencies.ts';

type Reading = (job: Job, dependencies: Pick<ApiDependencies, 'database'>) => Promise<string | null>;

/** The deepest pass's report; its pictures are links to the API's own lasting addresses. */
const technique: Reading = async ({ job_id }, { database }) => {
  const { quick, deep } = await readTechniquePasses(database, job_id);
  const report = (deep?.report ?? quick?.report) as Report | null | undefined;
  const pass = deep?.report ? 'deep' : 'quick';
  return report ? picturesAt(`/api/jobs/${job_id}/artifacts/${pass}/`, report.text) : null;
};

const byKind: Readonly<Record<string, Reading>> = { technique };

/** A job's report in Markdown, for kinds that write one; null where there is none. */
export const readableReport: Reading = async (job, dependencies) =>
  (await byKind[job.kind]?.(job, dependencies)) ?? null;
