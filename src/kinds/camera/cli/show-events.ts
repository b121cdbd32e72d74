import { figure } from '../../../cli/show/numbers.ts';
import { table } from '../../../cli/show/table.ts';
import type { Terminal } from '../../../cli/terminal.ts';
import type { CameraEvent, DetectedObject } from '../events/event.ts';

/** `2 person 0.91, car 0.55`: how many of each, with the surest. */
export function objectsInWords(objects: readonly DetectedObject[]): string {
  const byLabel = Map.groupBy(objects, ({ label }) => label);
  return [...byLabel]
    .map(([label, all]) => {
      const surest = Math.max(...all.map(({ confidence }) => confidence));
      return `${all.length > 1 ? `${all.length} ` : ''}${label} ${surest.toFixed(2)}`;
    })
    .join(', ');
}

/** `14.2 s`, `3 min 5 s`; of one that is open, that it is. */
export function durationOf({ started_at, ended_at }: Pick<CameraEvent, 'started_at' | 'ended_at'>): string {
  if (ended_at === null) return 'open';
  const seconds = (Date.parse(ended_at) - Date.parse(started_at)) / 1000;
  if (seconds < 60) return `${figure(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

const clock = (at: string) => at.replace('T', ' ');

function rowOf(event: CameraEvent): string[] {
  return [
    event.event_id,
    event.camera_id,
    clock(event.started_at),
    event.ended_at ? clock(event.ended_at) : '–',
    durationOf(event),
    objectsInWords(event.detected_objects) || '–',
    event.image_path ?? '–',
  ];
}

const head = ['EVENT', 'CAMERA', 'START', 'END', 'DURATION', 'OBJECTS', 'PICTURE'];

/** What a terminal shows of text that a box or a model wrote: nothing that moves its cursor. */
const harmless = (text: string) => text.replace(/\p{Cc}/gu, '\uFFFD');

export function showEvents(terminal: Terminal, events: readonly CameraEvent[]): void {
  const rows = events.map((event) => rowOf(event).map(harmless));
  for (const line of table(head, rows)) terminal.answer(line);
}

/** One event as a line, as it happens. */
export function lineOf(event: CameraEvent): string {
  const [id, camera, start, , duration, objects] = rowOf(event).map(harmless);
  return [start, camera, duration, objects, id].join('  ');
}
