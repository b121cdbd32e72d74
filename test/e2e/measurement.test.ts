import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { MeasurementAnalysis } from '../../src/kinds/measurement/api/schemas.ts';
import { phone, withoutMarker } from '../support/measurement/phone-photo.ts';
import { type RunningService, startService } from '../support/running-service.ts';

const folder = mkdtempSync(join(tmpdir(), 'doubletake-measurement-'));
let service: RunningService;
beforeAll(async () => {
  service = await startService();
});
afterAll(async () => {
  await service?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const analysis = (id: string) => service.read<MeasurementAnalysis>(`/api/analyses/${id}`);

async function isJpeg(image: { url: string } | null): Promise<boolean> {
  const bytes = Buffer.from(await (await fetch(image?.url ?? '')).arrayBuffer());
  return bytes.subarray(0, 3).toString('hex') === 'ffd8ff';
}

test('a phone beside a marker is 8.5 × 16.8 cm, and its pictures can be looked at', async () => {
  const job = await service.upload('samples/phone-with-aruco.jpg', { kind: 'measurement' });
  expect(await service.ended(job.id)).toMatchObject({
    status: 'completed',
    stage: 'DONE',
    progress_pct: 100,
  });
  const measured = await analysis(job.id);
  expect(measured).toMatchObject({
    status: 'completed',
    source: 'machine',
    reasons: [],
    assist: null,
    reference: { kind: 'aruco', id: 10, dictionary: 'DICT_5X5_50', size_mm: 50, source: 'machine' },
  });
  expect(measured.completed_at).not.toBeNull();
  expect(measured.confidence).toBeGreaterThanOrEqual(0.7);
  const [object] = measured.measurements;
  expect(Math.abs((object?.width.value ?? 0) / 85 - 1)).toBeLessThan(0.02);
  expect(Math.abs((object?.height.value ?? 0) / 168 - 1)).toBeLessThan(0.02);
  for (const name of ['width', 'height', 'area', 'perimeter', 'solidity', 'orientation'] as const) {
    const { value, unit, pixel, confidence, method } = object?.[name] ?? {};
    expect([name, typeof value, typeof pixel, typeof confidence]).toEqual([
      name,
      'number',
      'number',
      'number',
    ]);
    expect([name, Boolean(unit && method)]).toEqual([name, true]);
  }
  expect(object?.terms.length).toBeGreaterThan(2);
  const { preview, ...images } = measured.images;
  for (const image of Object.values(images)) expect(await isJpeg(image)).toBe(true);
  // Nobody is to draw.
  expect(preview).toBeNull();
  const { links } = await service.read<{ links: Record<string, string> }>(`/api/jobs/${job.id}`);
  expect(await isJpeg({ url: service.url(links.annotated ?? '') })).toBe(true);
});

test('the marker painted over: a person is asked, told by webhook, their corners measured by, both values kept', async () => {
  const first = await service.upload('samples/phone-with-aruco.jpg', { kind: 'measurement' });
  await service.ended(first.id);
  const { corners } = (await analysis(first.id)).reference ?? { corners: [] };
  const painted = join(folder, 'painted.jpg');
  writeFileSync(painted, (await withoutMarker(corners)).bytes);
  const session = await service.upload(painted, { kind: 'measurement' });
  await service.until(session.id, ({ phase }) => phase === 'waiting');
  // Another job of the same photograph, with somebody to tell.
  const secret = `whsec_${Buffer.from('the secret of this one job').toString('base64')}`;
  const job = await service.read<{ id: string }>('/api/jobs', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      session_id: session.session_id,
      kind: 'measurement',
      options: { assist_within_hours: 0.0003 },
      webhook: { url: 'https://example.org/told', secret },
    }),
  });
  const types = async () => {
    const { items } = await service.read<{ items: { type: string }[] }>(`/api/jobs/${job.id}/webhooks`);
    return items.map(({ type }) => type);
  };
  await service.until(job.id, ({ phase }) => phase === 'waiting');
  while ((await types()).length < 2) await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await analysis(job.id)).toMatchObject({
    status: 'needs_assist',
    completed_at: null,
    reasons: [{ code: 'no_reference' }],
    assist: { answered_by: null, reminded_at: expect.any(String) },
  });
  const accepted = await fetch(service.url(`/api/jobs/${job.id}/assist`), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reference_corners: corners }),
  });
  expect(accepted.status).toBe(200);
  expect(await service.ended(job.id)).toMatchObject({ status: 'completed' });
  const done = await analysis(job.id);
  expect(done.images.annotated?.key).toMatch(/annotated-2\.jpg$/);
  expect(await isJpeg(done.images.preview ?? null)).toBe(true);
  const { links } = await service.read<{ links: Record<string, string> }>(`/api/jobs/${job.id}`);
  expect(links.annotated).toMatch(/annotated-2\.jpg$/);
  expect(done).toMatchObject({
    version: 2,
    source: 'person',
    reference: { source: 'person' },
    reasons: [{ code: 'no_reference' }],
    assist: { answered_by: 'local', answer: { reference_corners: corners } },
    measurements: [{ machine: { width: { value: null } } }],
  });
  expect(Math.abs((done.measurements[0]?.height.value ?? 0) / 168 - 1)).toBeLessThan(0.02);
  expect(await types()).toEqual(['job.needs_assist', 'job.assist_due', 'job.succeeded']);
});

test('a photograph that is cut off fails with words and what to do', async () => {
  const cut = join(folder, 'cut.jpg');
  writeFileSync(cut, phone.bytes.subarray(0, 3000));
  const job = await service.upload(cut, { kind: 'measurement' });
  const failed = await service.ended(job.id);
  expect(failed).toMatchObject({ status: 'failed', error_message: expect.stringContaining('cut.jpg') });
  expect((await analysis(job.id)).measurements).toEqual([]);
});
