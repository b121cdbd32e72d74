import { z } from 'zod';
import { findReadableJob } from '../../../api/access/find-readable-job.ts';
import type { ApiDependencies } from '../../../api/dependencies.ts';
import type { KindApi } from '../../../api/kind-api.ts';
import { linkSeconds } from '../../../api/link-life.ts';
import { notFound } from '../../../api/not-found.ts';
import { iso, isoOrNull } from '../../../api/schemas/answers.ts';
import { stateOfAssist } from '../../../api/schemas/assist.ts';
import { problemOf } from '../../../api/schemas/problem.ts';
import { answersTo, findAssist } from '../../../database/assist/find-assist.ts';
import type { Job } from '../../../domain/job.ts';
import { type AssistAnswer, assistAnswer } from '../answers/answer.ts';
import { measuredName } from '../answers/artifact-name.ts';
import type { AssistAsk } from '../answers/question.ts';
import { refusalOf } from '../answers/refusal.ts';
import { measurementReport } from '../answers/report.ts';
import type { MeasuredObject } from '../outcome.ts';
import { readMeasurement } from '../tables/read-measurement.ts';
import { type MeasurementAnalysis, measurementAnalysis } from './schemas.ts';

async function analysisOf(
  job: Job,
  { database, store }: Pick<ApiDependencies, 'database' | 'store'>,
): Promise<MeasurementAnalysis> {
  const [stored, asked] = await Promise.all([
    readMeasurement(database, job.job_id),
    findAssist(database, job),
  ]);
  const { latest, machine } = stored ?? {};
  const preview = machine?.preview ?? null;
  const expires_at = new Date(Date.now() + linkSeconds * 1000).toISOString();
  const linked = async (key: string) => ({
    key,
    url: await store.presign(key, { expiresSeconds: linkSeconds }),
    expires_at,
  });
  const linkedOrNull = async (key: string | null | undefined) => (key ? linked(key) : null);
  const before = latest === machine || latest?.version === 1 ? [] : (machine?.objects ?? []);
  return {
    id: job.job_id,
    kind: job.kind,
    status: job.status,
    phase: job.phase,
    stage: job.stage,
    error_message: job.error_message,
    version: latest?.version ?? null,
    source: latest?.source ?? null,
    image: latest?.image ?? null,
    reference: latest?.reference ? { ...latest.reference, terms: latest.reference.terms ?? [] } : null,
    scale: latest?.scale ?? null,
    confidence: latest?.confidence ?? null,
    reasons: (latest?.reasons.length ? latest : machine)?.reasons ?? [],
    measurements: (latest?.objects ?? []).map(({ label, ...object }) => {
      const earlier = before.find(({ n }) => n === object.n);
      return { ...object, label: label ?? null, machine: earlier ? quantitiesOf(earlier) : null };
    }),
    images: {
      original: await linked(job.original_key ?? ''),
      preview: preview
        ? { ...(await linked(preview.key)), width: preview.width, height: preview.height }
        : null,
      annotated: await linkedOrNull(latest?.annotated_image_key),
      rectified: await linkedOrNull(latest?.rectified_image_key),
    },
    assist: asked && stateOfAssist(asked),
    answers: asked ? answersTo(asked).map(({ at, ...given }) => ({ ...given, at: iso(at) })) : [],
    provenance: latest ? { ...latest.provenance } : null,
    created_at: iso(job.created_at),
    updated_at: iso(job.updated_at),
    started_at: isoOrNull(job.started_at),
    completed_at: isoOrNull(job.completed_at),
  };
}

function quantitiesOf({ width, height, area, perimeter, solidity, orientation }: MeasuredObject) {
  return { width, height, area, perimeter, solidity, orientation };
}

const routes: KindApi['routes'] = async (api, dependencies) => {
  api.get(
    '/api/analyses/:id',
    {
      config: { access: 'user' },
      schema: {
        tags: ['measurement'],
        summary: 'A measurement: sizes, how they were got, images, and whether a person is asked',
        params: z.object({ id: z.uuid().describe('The job’s id.') }),
        response: { 200: measurementAnalysis, 404: problemOf('No such measurement of yours.') },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const job = await findReadableJob(dependencies.database, request, id);
      if (job?.kind !== 'measurement') throw notFound('analysis', id);
      // It holds links that whoever has them can use.
      reply.header('cache-control', 'private, no-store');
      return analysisOf(job, dependencies);
    },
  );
};

const report: KindApi['report'] = async (job, dependencies) =>
  measurementReport(await analysisOf(job, dependencies), {
    file_name: job.file_name,
    pictures: `/api/jobs/${job.job_id}/artifacts/measuring/`,
  });

/** Its lasting address, which answers with a fresh link. */
function annotatedOf({ job_id, attempt, result }: Job): Record<string, string> {
  const name = measuredName('annotated', 'jpg', { version: Number(result?.version ?? 1), attempt });
  return { annotated: `/api/jobs/${job_id}/artifacts/measuring/${name}` };
}

export const measurement: KindApi = {
  description: 'What a photograph with a reference in it measures.',
  example:
    'A photograph with a marker in it is sent with `-F kind=measurement`, or with `doubletake analyze --kind measurement photo.jpg`.',
  routes,
  report,
  links: (job) => ({
    analysis: `/api/analyses/${job.job_id}`,
    ...(job.status === 'completed' && { ...annotatedOf(job), report: `/reports/${job.job_id}` }),
    ...(job.status === 'needs_assist' && { assist: `/api/jobs/${job.job_id}/assist` }),
  }),
  question: {
    answer: assistAnswer,
    refusalOf: (answer, ask) => refusalOf(answer as AssistAnswer, ask as unknown as AssistAsk),
    current: analysisOf,
  },
};
