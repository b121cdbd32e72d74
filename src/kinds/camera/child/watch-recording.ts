import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '../../../media/child/serve-tasks.ts';
import type { ModelFile } from '../../../media/models/load-model.ts';
import { FrameReader } from '../../../media/video/read-frames.ts';
import { createWatcher, restoreWatcher } from '../analysis/create-watcher.ts';
import type { WatchedEvent, WatchSettings } from '../analysis/watch.ts';
import type { Polygon } from '../events/camera.ts';
import { objectsIn } from './models.ts';
import { FrameWatch, type SeenChange } from './watch-frames.ts';

export interface WatchTask {
  task: 'cameraWatch';
  path: string;
  /** What the user called it. */
  fileName: string;
  limits: { pixels: number };
  settings: WatchSettings;
  /** Painted out of pictures. */
  hidden: readonly Polygon[];
  detector: ModelFile;
  /** Where the chunk before ended; null for the first. */
  before: { last_s: number; savedPath: string } | null;
  /** Frames of this chunk. */
  frames: number;
  /** An empty folder for pictures and for what the next chunk needs. */
  folder: string;
}

export interface WatchProgress {
  frames: number;
  at_s: number;
}

/** What is known of one event after a chunk in which it was seen. */
export interface ChunkEvent {
  event: WatchedEvent;
  opened: boolean;
  closed: { end_s: number; reason: string } | null;
  /** A file of the folder: the JPEG that shows the event best so far; null where the one before is as good. */
  picture: string | null;
}

export interface WatchResult {
  frames: number;
  corrupt_frames: number;
  /** Time of the last frame; null where there was none. */
  last_s: number | null;
  /** Whether the recording has no more frames. */
  ended: boolean;
  /** In the order in which they began. */
  events: ChunkEvent[];
  /** Since the beginning of the recording. */
  scene_changes: number;
  /** A file of the folder. */
  saved: string;
}

/** Watches so many frames of a recording, from where the chunk before ended. @throws UnreadableMedia, TooLarge */
export async function watchRecording(task: WatchTask, report: Report<WatchProgress>): Promise<WatchResult> {
  const { before, frames: wanted, folder } = task;
  const watcher = before
    ? restoreWatcher(await readFile(before.savedPath), task.settings)
    : createWatcher(task.settings);
  const detect = await objectsIn(task.detector);
  const watch = new FrameWatch(watcher, detect, task.hidden);
  const events = new ChunkEvents(folder);
  let frames = 0;
  let last_s = before?.last_s ?? null;
  let ended = true;
  await using reader = await FrameReader.open(task, () => report());
  for await (const { picture, time_s } of reader.segment(last_s ?? 0, Number.POSITIVE_INFINITY)) {
    if (last_s !== null && time_s <= last_s) continue;
    if (frames === wanted) {
      ended = false;
      break;
    }
    await events.note(await watch.push(picture, time_s));
    frames++;
    last_s = time_s;
    if (frames % 25 === 0) report({ frames, at_s: time_s });
  }
  if (ended) await events.note(await watch.end('end_of_recording'));
  const open = watcher.openEvent;
  if (open) {
    const picture = await watch.takePicture();
    await events.note([{ change: 'updated', event: open, ...(picture && { picture }) }]);
  }
  const saved = 'saved.bin';
  await writeFile(join(folder, saved), watcher.save());
  return {
    frames,
    corrupt_frames: reader.counts.corrupt_frames,
    last_s,
    ended,
    events: events.all,
    scene_changes: watcher.sceneChanges,
    saved,
  };
}

/** Of many changes of an event, what a chunk comes to. */
class ChunkEvents {
  readonly #folder: string;
  readonly #byStart = new Map<number, ChunkEvent>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  get all(): ChunkEvent[] {
    return [...this.#byStart.values()].sort((one, other) => one.event.start_s - other.event.start_s);
  }

  async note(changes: readonly SeenChange[]): Promise<void> {
    for (const { change, event, end_s, reason, picture } of changes) {
      const known = this.#byStart.get(event.start_s);
      const name = picture ? `${this.#byStart.size}-${event.start_s}.jpg` : null;
      if (picture && name) await writeFile(join(this.#folder, name), picture);
      this.#byStart.set(event.start_s, {
        event,
        opened: change === 'opened' || known?.opened === true,
        closed: change === 'closed' ? { end_s: end_s as number, reason: reason as string } : null,
        picture: name ?? known?.picture ?? null,
      });
    }
  }
}
