import { expect, test } from '@jest/globals';
import type { Terminal } from '../../../../src/cli/terminal.ts';
import { cameraView } from '../../../../src/kinds/camera/cli/view.ts';
import { boxEvent } from '../api/box-events.ts';

function shown(result: unknown): string[] {
  const said: string[] = [];
  const terminal = { answer: (line = '') => said.push(line), paint: (_style: unknown, text: string) => text };
  cameraView.show(terminal as unknown as Terminal, result);
  return said;
}

test('a recording’s events are a table, with what was left out of it', () => {
  const box = { x: 0, y: 0, width: 1, height: 1 };
  const event = {
    ...boxEvent(1),
    ...{ started_at: '2026-10-01T00:00:00.000Z', ended_at: '2026-10-01T00:03:05.400Z' },
    detected_objects: [
      { label: 'person', confidence: 0.42, box },
      { label: 'car', confidence: 0.9, box },
      { label: 'person', confidence: 0.87, box },
      // Whatever a model or a box calls a thing, it moves no cursor.
      { label: '\x1b[2Jcat', confidence: 1, box },
    ],
  };
  const result = {
    camera_id: 'yard',
    duration_s: 600,
    scene_changes: 2,
    events: [event],
    events_left_out: 3,
  };
  expect(shown(result)).toEqual([
    '4 events of yard in 10:00.0',
    expect.stringMatching(/^EVENT +CAMERA +START/),
    expect.stringMatching(
      /^box-000001 .* 3 min 5 s +2 person 0\.87, car 0\.90, \uFFFD\[2Jcat 1\.00 +\/data\/1\.jpg$/,
    ),
    'and 3 more: "doubletake events" has them all',
    'The light or the whole picture changed 2 times.',
    '',
  ]);
  expect(shown({ camera_id: 'yard', duration_s: 1, scene_changes: 0, events: [] })).toEqual([
    '0 events of yard in 0:01.0',
    '',
  ]);
});

test('--camera and --recorded-at are options of the job', () => {
  const { request } = cameraView.analyze ?? {};
  expect(request?.({ camera: 'yard', recordedAt: '2026-10-25T02:30:00+02:00' }, 'a.mp4')).toMatchObject({
    options: { camera_id: 'yard', recorded_at: '2026-10-25T02:30:00+02:00' },
  });
  expect(request?.({}, 'a.mp4').options).toEqual({});
  expect(() => request?.({}, undefined)).toThrow('camera watch');
});
