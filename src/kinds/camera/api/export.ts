import type { CameraEvent } from '../events/event.ts';

/** The columns of the table, in the order of the event's JSON. */
export const columns = [
  'event_id',
  'timestamp',
  'camera_id',
  'motion_confidence',
  'detected_objects',
  'llm_description',
  'image_path',
  'json_log_path',
  'started_at',
  'ended_at',
  'zones',
  'continues',
  'end_reason',
  'time_source',
  'job_id',
  'reviewed_by',
  'reviewed_at',
  'keep',
  'false_positive',
  'created_at',
  'updated_at',
] as const satisfies readonly (keyof CameraEvent)[];

/** What a spreadsheet may calculate, whoever wrote it; some pass over blanks and line ends before it. */
const formula = /^(\s*[=+\-@＝＋－＠]|[\t\r\n])/;

/** A cell of CSV (RFC 4180). An apostrophe before a formula makes it text. */
export function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const harmless = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** About so many characters are sent at once. */
const pieceLength = 64 * 1024;

/** Rows as they come, in pieces of some size, so that not every line is a write of its own. */
async function* inPieces(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let piece = '';
  for await (const line of lines) {
    piece += line;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  if (piece) yield piece;
}

export function asCsv(events: AsyncIterable<CameraEvent>): AsyncGenerator<string> {
  async function* lines() {
    yield `${columns.join(',')}\r\n`;
    for await (const event of events) yield `${columns.map((name) => cellOf(event[name])).join(',')}\r\n`;
  }
  return inPieces(lines());
}

/** @param view what of an event is told */
export function asNdjson<Event>(
  events: AsyncIterable<Event>,
  view: (event: Event) => CameraEvent,
): AsyncGenerator<string> {
  async function* lines() {
    for await (const event of events) yield `${JSON.stringify(view(event))}\n`;
  }
  return inPieces(lines());
}
