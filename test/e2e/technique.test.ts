import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RunningService, startService } from '../support/running-service.ts';

const squats = 'samples/squats.mp4';

interface Passes {
  status: string;
  progress_pct: number;
  quick_findings: unknown;
  quick_report: unknown;
  deep_results: { repetitions: { count: number }; peak_knee_flexion_deg: number } & Record<string, unknown>;
  deep_results_s3_key: string;
  deep_findings: { findings: { metric: string; evidence: { worst_frames: { artifact_key: string }[] } }[] };
  deep_report: { text: string; sections: unknown[] };
}

let service: RunningService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

test('a coach uploads squats and reads three repetitions, findings, a report, and sees evidence', async () => {
  const job = await service.upload(squats);
  expect(await service.ended(job.id)).toMatchObject({ status: 'done', stage: 'DONE', progress_pct: 100 });
  const passes = await service.read<Passes>(`/api/coaches/plus/analysis-jobs/${job.id}`);
  expect(passes.deep_results.repetitions.count).toBe(3);
  expect(Math.abs(passes.deep_results.peak_knee_flexion_deg - 87.1)).toBeLessThanOrEqual(8);
  expect(passes.quick_findings).not.toBeNull();
  expect(passes.quick_report).not.toBeNull();
  expect(passes.deep_report.sections.length).toBeGreaterThan(1);
  expect(passes.deep_results_s3_key).toBe(`jobs/${job.id}/deep/deep_results.json`);

  const { items } = await service.read<{
    items: { name: string; pass: string; url: string; bytes: number }[];
  }>(`/api/jobs/${job.id}/artifacts`);
  const names = items.filter(({ pass }) => pass === 'deep').map(({ name }) => name);
  for (const name of ['deep_results.json', 'keypoints.csv', 'keypoints.trc', 'angles.csv', 'report.md']) {
    expect(names).toContain(name);
  }
  const evidence = items.find(({ name }) => name.startsWith('evidence-'));
  const picture = Buffer.from(await (await fetch(evidence?.url ?? '')).arrayBuffer());
  expect(picture.subarray(0, 3).toString('hex')).toBe('ffd8ff');
});

test('a quick job has no deep pass and reads null for it', async () => {
  const job = await service.upload(squats, { options: { mode: 'quick' } });
  expect(await service.ended(job.id)).toMatchObject({ status: 'done' });
  const passes = await service.read<Passes>(`/api/coaches/plus/analysis-jobs/${job.id}`);
  expect(passes.quick_findings).not.toBeNull();
  expect([passes.deep_results, passes.deep_findings, passes.deep_report, passes.deep_results_s3_key]).toEqual(
    [null, null, null, null],
  );
});

test('the same file analysed twice gives the same result, byte for byte', async () => {
  const jobs = await Promise.all([service.upload(squats), service.upload(squats)]);
  const results = [];
  for (const { id } of jobs) {
    await service.ended(id);
    const text = await (await fetch(service.url(`/api/jobs/${id}/artifacts/deep/deep_results.json`))).text();
    results.push(text.replaceAll(id, '<job>'));
  }
  expect(results[0]).toBe(results[1]);
});

test('stored keypoints are analysed again with other thresholds, without a look at the video', async () => {
  const first = await service.upload(squats);
  await service.ended(first.id);
  const again = await service.read<{ id: string }>('/api/jobs', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      kind: 'technique',
      session_id: first.session_id,
      options: { source_job_id: first.id, thresholds: { knee_brace: { medium: 1, high: 2 } } },
    }),
  });
  expect(await service.ended(again.id)).toMatchObject({ status: 'done' });
  const passes = await service.read<Passes>(`/api/coaches/plus/analysis-jobs/${again.id}`);
  expect(passes.deep_results.repetitions.count).toBe(3);
  expect(passes.deep_results).toMatchObject({
    provenance: {
      software: { name: 'doubletake' },
      parameters: { source_job_id: first.id, keypoints_software: { name: 'doubletake' } },
    },
  });
});
