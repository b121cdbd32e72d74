import { expect, test } from '@jest/globals';
import type { CameraResult } from '../../../../src/kinds/camera/analysis/result.ts';
import { cameraReport } from '../../../../src/kinds/camera/answers/report.ts';
import type { CameraEvent } from '../../../../src/kinds/camera/events/event.ts';

const event: CameraEvent = {
  event_id: '0192f0a0-0000-8000-8000-000000000001',
  timestamp: '2026-07-01T18:00:10.000Z',
  camera_id: 'yard',
  motion_confidence: 0.9,
  detected_objects: [{ label: 'person', confidence: 0.83, box: { x: 0.1, y: 0.1, width: 0.1, height: 0.4 } }],
  llm_description: 'A person was in view for 15 s.',
  image_path: 'cameras/k/e/picture.jpg',
  json_log_path: 'cameras/k/e/log.json',
  started_at: '2026-07-01T18:00:10.000Z',
  ended_at: '2026-07-01T18:00:25.000Z',
  zones: ['door'],
  continues: null,
  end_reason: 'ended',
  time_source: 'upload',
  job_id: null,
  reviewed_by: null,
  reviewed_at: null,
  keep: false,
  false_positive: false,
  created_at: '2026-07-01T18:10:00.000Z',
  updated_at: '2026-07-01T18:10:00.000Z',
};
const result: CameraResult = {
  camera_id: 'yard',
  started_at: '2026-07-01T18:00:00.000Z',
  time_source: 'upload',
  time_zone: 'Europe/Berlin',
  duration_s: 60,
  frames: 600,
  corrupt_frames: 0,
  scene_changes: 0,
  events_found: 1,
  events_stored_before: 0,
  events_left_out: 0,
  camera_version: 1,
  events: [event],
};

test('a recording is told by the clock of its camera, with a line of when, and a picture', () => {
  const report = cameraReport(result);
  expect(report).toContain('# Camera yard: 1 event');
  expect(report).toContain('2026-07-01, 20:00:00 to 20:01:00 (Europe/Berlin)');
  expect(report).toContain('they may be wrong');
  expect(report).toContain('| 20:00:10 | 20:00:25 | 15.0 | person 83 % | door |');
  expect(report).toContain(`![The event's picture](/api/events/${event.event_id}/image)`);
  expect(report).toMatch(/```\n·{12}█{19}·{41}\n```/);
});

test('what may be missing is said', () => {
  const report = cameraReport({
    ...{ ...result, scene_changes: 2, corrupt_frames: 3, events_stored_before: 1, events_left_out: 7 },
    time_source: 'recorded_at',
  });
  for (const words of ['changed 2 times', '3 frames of 600 were damaged', 'earlier job', '7 events beyond'])
    expect(report).toContain(words);
  expect(report).not.toContain('may be wrong');
});

test('names that people gave are text, not markup', () => {
  const named = { ...event, zones: ['<script>|x'], llm_description: '[a](http://b)' };
  const report = cameraReport({ ...result, camera_id: 'a*b', events: [named] });
  expect(report).not.toContain('<script>');
  expect(report).not.toContain('[a](http://b)');
});

test('a recording without an event says so', () => {
  expect(cameraReport({ ...result, events_found: 0, events: [] })).toContain(
    'Nothing happened that is an event.',
  );
});
