import { copyOf, type Picture } from '../../../media/video/picture.ts';
import type { WatchChange, WatchedEvent, Watcher } from '../analysis/watch.ts';
import { withoutHidden } from '../analysis/zones.ts';
import type { Polygon } from '../events/camera.ts';
import { eventPicture } from './event-picture.ts';
import { GreyReader } from './grey.ts';
import type { DetectObjects } from './models.ts';

/** What became known of an event, with the picture that shows it best where there is a new one. */
export interface SeenChange {
  change: WatchChange['change'];
  event: WatchedEvent;
  end_s?: number;
  reason?: string;
  /** JPEG. */
  picture?: Buffer;
}

/** Shows a camera's frames to its watcher and to the object model, and keeps the picture of the open event. */
export class FrameWatch {
  readonly watcher: Watcher;
  readonly #detect: DetectObjects;
  readonly #hidden: readonly Polygon[];
  readonly #grey = new GreyReader();
  #kept: Picture | undefined;

  constructor(watcher: Watcher, detect: DetectObjects, hidden: readonly Polygon[]) {
    this.watcher = watcher;
    this.#detect = detect;
    this.#hidden = hidden;
  }

  /** @param picture is looked at before the promise is settled, and not kept unless copied */
  async push(picture: Picture, time_s: number): Promise<SeenChange[]> {
    const { changes, wantsObjects, lookAt } = this.watcher.push(this.#grey.read(picture), time_s);
    const seen = await this.#withPictures(changes);
    // Whatever comes of the looks, an event has a picture.
    if (opens(changes)) this.#kept = copyOf(picture);
    if (!wantsObjects) return seen;
    const answer = this.watcher.answer(withoutHidden(await this.#detect(picture, lookAt), this.#hidden));
    // Where one event goes on as another, the frame is the other's.
    const goesOn = opens(answer.changes);
    if (answer.isPicture && !goesOn) this.#kept = copyOf(picture);
    const after = await this.#withPictures(answer.changes);
    if (goesOn) this.#kept = copyOf(picture);
    return [...seen, ...after];
  }

  /** Nothing more comes. */
  async end(reason: Parameters<Watcher['end']>[0]): Promise<SeenChange[]> {
    return this.#withPictures(this.watcher.end(reason));
  }

  /** The picture of the open event, when there is one that was not given yet. */
  async takePicture(): Promise<Buffer | undefined> {
    const kept = this.#kept;
    this.#kept = undefined;
    return kept && eventPicture(kept, this.#hidden);
  }

  async #withPictures(changes: readonly WatchChange[]): Promise<SeenChange[]> {
    const seen: SeenChange[] = [];
    for (const change of changes) {
      const picture = change.change === 'closed' ? await this.takePicture() : undefined;
      seen.push({ ...change, ...(picture && { picture }) });
    }
    return seen;
  }
}

const opens = (changes: readonly WatchChange[]) => changes.some(({ change }) => change === 'opened');
