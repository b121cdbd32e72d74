import { asText } from '../../../domain/markdown.ts';
import type { CameraResult } from '../analysis/result.ts';
import type { CameraEvent } from '../events/event.ts';
import { clockOf } from './clock.ts';

/** Characters of the timeline. */
const cells = 72;
/** Events with their pictures on the page; the list has all of them. */
const mostPictures = 100;

const clocks: Readonly<Record<string, string>> = {
  recorded_at: 'as whoever uploaded it said',
  creation_time: 'as the file says',
  upload: 'by the time of its first upload, since the file does not say: they may be wrong',
  stream: 'as the stream says',
  arrival: 'by the time at which it arrived',
};

/** A recording for people: when something happened, on a line and with pictures, and what may be wrong about it. */
export function cameraReport(result: CameraResult): string {
  const { events, time_zone, camera_id } = result;
  const clock = clockOf(time_zone);
  const start = new Date(result.started_at);
  const end = new Date(start.getTime() + result.duration_s * 1000);
  const begun = `${clock.day(start)}, ${clock.time(start)} to ${clock.time(end)} (${time_zone})`;
  return [
    `# Camera ${asText(camera_id)}: ${counted(result.events_found, 'event')}`,
    `${begun}. Clock times are ${clocks[result.time_source] ?? 'as a box said'}.`,
    ...notes(result),
    '## When',
    timeline(result),
    ...(events.length === 0 ? ['Nothing happened that is an event.'] : [table(events, clock)]),
    ...events.slice(0, mostPictures).flatMap((event) => picture(event, clock)),
  ].join('\n\n');
}

function notes(result: CameraResult): string[] {
  const lines = [
    result.events_stored_before > 0 &&
      `${counted(result.events_stored_before, 'event')} of these had been stored by an earlier job and are as they were.`,
    result.events_left_out > 0 &&
      `${counted(result.events_left_out, 'event')} beyond the first ${result.events.length} are not on this page; the list of events has them.`,
    result.scene_changes > 0 &&
      `The whole picture changed ${times(result.scene_changes)}, as when a light is switched. That is no event, and for some seconds after it little can be seen.`,
    result.corrupt_frames > 0 &&
      `${counted(result.corrupt_frames, 'frame')} of ${result.frames} were damaged. What happened in them may be missing.`,
  ].filter((line) => line !== false);
  return lines.length === 0 ? [] : [lines.map((line) => `- ${line}`).join('\n')];
}

function timeline({ events, started_at, duration_s }: CameraResult): string {
  const origin = Date.parse(started_at);
  const line = Array<string>(cells).fill('·');
  for (const { started_at: from, ended_at: to } of events) {
    const cellOf = (at: number) => Math.floor(((at - origin) / 1000 / Math.max(duration_s, 1e-3)) * cells);
    const last = cellOf(to === null ? origin + duration_s * 1000 : Date.parse(to));
    for (let n = Math.max(0, cellOf(Date.parse(from))); n <= Math.min(last, cells - 1); n++) line[n] = '█';
  }
  return ['```', line.join(''), '```'].join('\n');
}

function table(events: readonly CameraEvent[], clock: ReturnType<typeof clockOf>): string {
  return [
    '| from | to | seconds | what | zones |',
    '| --- | --- | --- | --- | --- |',
    ...events.map(({ started_at, ended_at, detected_objects, zones }) => {
      const from = new Date(started_at);
      const to = ended_at === null ? null : new Date(ended_at);
      const seconds = to ? ((to.getTime() - from.getTime()) / 1000).toFixed(1) : 'it lasts';
      const what = detected_objects.map(
        ({ label, confidence }) => `${asText(label)} ${Math.round(confidence * 100)} %`,
      );
      return `| ${clock.time(from)} | ${to ? clock.time(to) : '–'} | ${seconds} | ${what.join(', ') || 'motion'} | ${zones.map(asText).join(', ') || '–'} |`;
    }),
  ].join('\n');
}

function picture(event: CameraEvent, clock: ReturnType<typeof clockOf>): string[] {
  const { event_id, image_path, llm_description, started_at } = event;
  return [
    `### ${clock.time(new Date(started_at))}`,
    ...(llm_description ? [asText(llm_description)] : []),
    ...(image_path ? [`![The event's picture](/api/events/${encodeURIComponent(event_id)}/image)`] : []),
  ];
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
