import type { Job } from '../domain/job.ts';
import type { ApiDependencies } from './dependencies.ts';
import { type JobView, viewOfJob } from './schemas/job.ts';

/** Jobs as the API tells them, with the links of their kind and, where there is one, to Temporal's Web UI. */
export function jobViewer({
  temporal,
  kindApis,
}: Pick<ApiDependencies, 'temporal' | 'kindApis'>): (job: Job) => JobView {
  const ui = temporal.uiUrl?.replace(/\/$/, '');
  const workflows = ui && `${ui}/namespaces/${encodeURIComponent(temporal.namespace)}/workflows`;
  return (job) =>
    viewOfJob(job, () => ({
      ...kindApis[job.kind]?.links?.(job),
      ...(workflows && { workflow: `${workflows}/${encodeURIComponent(job.workflow_id)}` }),
    }));
}
