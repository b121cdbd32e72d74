import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { loopVideo } from '../support/media/loop-video.ts';
import { makeScratchFolder, type ScratchFolder } from '../support/media/scratch-folder.ts';
import { type System, squats, startSystem } from './support/system.ts';

jest.setTimeout(240_000);

let scratch: ScratchFolder;
let system: System;
beforeAll(async () => {
  scratch = await makeScratchFolder();
  system = await startSystem('quick-first');
});
afterAll(async () => {
  await system?.close();
  await scratch?.remove();
});

test('a quick look does not wait for the segments of a long video', async () => {
  const path = scratch.file('long.mp4');
  loopVideo(squats, { frames: 780 }, path);
  await system.startWorker({
    DOUBLETAKE_SEGMENT_FRAMES: '60',
    DOUBLETAKE_COMPUTE_CONCURRENCY: '1',
  });
  const long = await system.submit(path, { mode: 'deep' });
  await system.until(long.job_id, ({ stage, progress_pct }) => stage === 'DEEP' && progress_pct > 15);

  const quick = await system.submit(squats, { mode: 'quick' });
  await system.until(quick.job_id, ({ status }) => status === 'done');
  const [before, after] = [await segmentsBegun(long.workflow_id), await segmentsBegun(quick.workflow_id)];
  expect(after.times).toEqual([]);
  const [asked, answered] = after.others as [number, number];
  // One was at work, one may have been on its way; of the six steps that wait at once, no more came first.
  const between = before.times.filter((time) => time > asked && time < answered);
  expect(between.length).toBeLessThanOrEqual(4);
  expect((await system.job(long.job_id)).status).toBe('processing');
  await system.until(long.job_id, ({ status }) => status === 'done', 200);
});

/** When segments were begun; and when the first other step on the compute queue was asked for, and the last one begun. */
async function segmentsBegun(workflowId: string): Promise<{ times: number[]; others: number[] }> {
  const { events } = await system.client.workflow.getHandle(workflowId).fetchHistory();
  const asked = new Map<string, { name: string; time: number }>();
  const times: number[] = [];
  const others: number[] = [];
  for (const { eventId, eventTime, ...event } of events ?? []) {
    const time = Number(eventTime?.seconds) * 1000 + (eventTime?.nanos ?? 0) / 1e6;
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled) asked.set(String(eventId), { name: scheduled.activityType?.name ?? '', time });
    const started = event.activityTaskStartedEventAttributes;
    const step = started && asked.get(String(started.scheduledEventId));
    if (!step) continue;
    if (step.name === 'lookAtSegment') times.push(time);
    if (step.name === 'inspectVideo') others.push(step.time);
    if (step.name === 'takeQuickLook') others.push(time);
  }
  return { times, others };
}
