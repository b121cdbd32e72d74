import { command } from '../../../cli/command-name.ts';
import { UsageFailure } from '../../../cli/failures.ts';
import type { AnalyzeView, KindView } from '../../../cli/kind-view.ts';
import { clock } from '../../../cli/show/numbers.ts';
import { givenId } from '../../../domain/kinds/camera.ts';
import type { CameraResult } from '../api/schemas.ts';
import options from './analyze-options.json' with { type: 'json' };
import { cameraCommand } from './camera.ts';
import { camerasCommand } from './cameras.ts';
import { eventsCommand } from './events.ts';
import { showEvents } from './show-events.ts';

const analyze: AnalyzeView = {
  options,
  examples: [
    '--kind camera --camera yard recording.mp4',
    '--kind camera --camera yard --recorded-at 2026-10-25T02:30:00+02:00 recording.avi',
  ],
  request(given, file) {
    const { camera, recordedAt } = given as { camera?: string; recordedAt?: string };
    if (file === undefined)
      throw new UsageFailure(
        `Name a recording, or watch a live camera with ${command('camera watch URL --camera ID')}.`,
      );
    return {
      options: {
        ...(camera !== undefined && { camera_id: camera }),
        ...(recordedAt !== undefined && { recorded_at: recordedAt }),
      },
      flags: { camera_id: '--camera', recorded_at: '--recorded-at' },
    };
  },
};

export const cameraView: KindView = {
  analyze,
  commands: [eventsCommand, camerasCommand, cameraCommand],
  limit: { description: 'posting events of that camera', refusalOf: refusalOfId },
  read: (api, { id }) => api.get(`/api/jobs/${encodeURIComponent(id)}/result`),
  show(terminal, read) {
    const { camera_id, duration_s, scene_changes, events, events_left_out = 0 } = read as CameraResult;
    const many = events.length + events_left_out;
    terminal.answer(
      terminal.paint(
        'bold',
        `${many} ${many === 1 ? 'event' : 'events'} of ${camera_id} in ${clock(duration_s)}`,
      ),
    );
    if (events.length > 0) showEvents(terminal, events);
    if (events_left_out > 0)
      terminal.answer(`and ${events_left_out} more: ${command('events')} has them all`);
    if (scene_changes > 0) terminal.answer(`The light or the whole picture changed ${scene_changes} times.`);
    terminal.answer();
  },
  report: () => undefined,
};

function refusalOfId(name: string): string | null {
  return givenId.safeParse(name).error?.issues[0]?.message ?? null;
}
