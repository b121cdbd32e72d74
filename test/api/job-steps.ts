import { transitionJob } from '../../src/database/jobs/transition-job.ts';
import { artifactKey } from '../../src/domain/artifact.ts';
import type { Findings, Report } from '../../src/kinds/technique/finding.ts';
import { persistTechniquePass } from '../../src/kinds/technique/tables/persist-technique-pass.ts';
import { form, video } from './form.ts';
import type { RunningApi, TestUser } from './running-api.ts';

export const findings: Findings = {
  findings: [
    {
      metric: 'head_stability',
      level: 'medium',
      message: 'The head moves.',
      evidence: {
        value: 0.2,
        unit: 'torso lengths',
        threshold: { medium: 0.15, high: 0.3 },
        time_range_s: { start: 0, end: 3 },
        worst_frames: [{ time_s: 1.2, value: 0.4, artifact_key: null }],
      },
    },
  ],
  overall_level: 'medium',
};
export const report: Report = {
  text: '# Report',
  overall_level: 'medium',
  sections: [{ title: 'Head', text: 'Moves.' }],
};

/** A coach's jobs, and their steps as a workflow would take them. */
export function jobSteps(api: RunningApi, coach: TestUser) {
  const at = (id: string) => ({ job_id: id, attempt: 1, why: 'the test says so' });
  async function newJob(user = coach, mode = 'deep') {
    const body = form(
      ['kind', 'technique'],
      ['options', JSON.stringify({ mode })],
      ['file', video(), 'squats.mp4'],
    );
    const answer = await api.ask(user, 'POST', '/api/jobs', { body });
    return answer.body as { id: string; session_id: string };
  }

  const start = (id: string) => transitionJob(api.database, { ...at(id), to: 'processing', stage: 'QUICK' });
  const fail = (id: string) =>
    transitionJob(api.database, {
      ...at(id),
      to: 'failed',
      stage: 'FAILED',
      error_message: 'squats.mp4 has no video track.',
      error_type: 'UnreadableMedia',
    });
  const succeed = (id: string, result: Record<string, unknown> | null) =>
    transitionJob(api.database, { ...at(id), to: 'done', stage: 'DONE', result });

  /** A report in S3, findings and both in the rows. */
  async function persistQuick(id: string) {
    const stored = await api.store.put(artifactKey(id, 'quick', 'report.md'), '# Report', {
      mediaType: 'text/markdown',
    });
    const artifact = {
      ...{
        pass: 'quick',
        name: 'report.md',
        key: artifactKey(id, 'quick', 'report.md'),
        media_type: 'text/markdown',
      },
      ...stored,
    };
    await persistTechniquePass(api.database, {
      ...{ job_id: id, attempt: 1, pass: 'quick', results: { metrics: {} }, results_s3_key: artifact.key },
      ...{ findings, report, artifacts: [artifact] },
    });
  }

  return { newJob, start, fail, succeed, persistQuick };
}

export type JobSteps = ReturnType<typeof jobSteps>;
